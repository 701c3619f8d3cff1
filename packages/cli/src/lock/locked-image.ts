import { createErrorSite, notFound, type Image } from '@imago/core'
import { cloudKey, findPins, LOCK_FILE, verifyPin, type Lock, type Pin } from '@imago/lock'
import { EXIT } from '../exit-code.ts'
import type { LiveContext } from '../live.ts'
import { toProblem } from '../live-problem.ts'
import type { LockedOptions } from '../options/lock.ts'
import type { ImageAddress } from '../parse-address.ts'
import { Problem } from '../problem.ts'
import { resolveImage, type FoundImage, type NameLookupFlags } from '../resolve-image.ts'
import { formatSuggestion } from '../format-suggestion.ts'
import { isoNow } from './now.ts'
import { formatLockCommand } from './lock-command.ts'
import { readExistingLock } from './lock-store.ts'

/** Finds the pin of an address: `production:web`, or `openstack/demo@RegionOne:web`. */
const findPin = (lock: Lock, file: string, { cloud, image }: ImageAddress): Pin => {
  const name = 'idOrName' in image ? image.idOrName : 'name' in image ? image.name : null
  if (name === null)
    throw new Problem(
      `--locked requires the name of an image in ${file}, not an ID. Use a name, or omit --locked`,
      EXIT.usage,
    )
  const [pin, ...others] = findPins(lock, name, cloud)
  if (pin !== undefined && others.length === 0) return pin
  if (pin !== undefined)
    throw new Problem(
      `${file} pins ${name} in several regions of ${cloud}. Name one: ${[pin, ...others].map(cloudKey).join(', ')}`,
      EXIT.notFound,
    )
  const known = lock.pins.map((one) => `${one.on}:${one.image}`)
  throw new Problem(
    `${file} does not pin ${cloud}:${name}${formatSuggestion(`${cloud}:${name}`, known)}`,
    EXIT.notFound,
  )
}

/** Refuses an image that has changed since it was pinned. */
const checkUnchanged = (pin: Pin, image: Image, file: string, live: LiveContext, found: FoundImage): void => {
  const { immutableKinds = [] } = found.source.capabilities
  const state = verifyPin(pin, image, { now: isoNow(live), within: null, immutableKinds })
  if (state.state !== 'changed') return
  const facts = state.facts.map(({ fact, pinned, now }) => `${fact} was ${pinned ?? '-'}, is ${now ?? '-'}`)
  throw new Problem(
    `${pin.image} on ${cloudKey(pin)} has changed since it was pinned in ${file}: ${facts.join('; ')}. To accept the change, run: ${formatLockCommand('update', { lockFile: file }, [pin.image])}`,
    EXIT.refused,
  )
}

const resolvePin = async (live: LiveContext, pin: Pin, file: string): Promise<FoundImage> => {
  try {
    return await resolveImage(live, { kind: 'image', cloud: cloudKey(pin), image: { id: pin.id } })
  } catch (error) {
    if (!(error instanceof Problem) || error.exitCode !== EXIT.notFound) throw error
    throw toProblem(
      notFound(createErrorSite(pin, 'get'), {
        what: `image not found: ${pin.id}, pinned in ${file} as ${pin.image} on ${cloudKey(pin)}`,
        hint: `To pin another image, run: ${formatLockCommand('update', { lockFile: file }, [pin.image])}`,
      }),
    )
  }
}

/**
 * Finds the image at an address. With `--locked`, its name is looked up in the lock file, and the image is requested by its pinned ID, without listing
 * images. A pinned image that is gone or has changed ends the command.
 */
export const resolveNamedImage = async (
  live: LiveContext,
  address: ImageAddress,
  options: LockedOptions & NameLookupFlags,
): Promise<FoundImage> => {
  const { locked, lockFile = LOCK_FILE, arch } = options
  if (locked !== true) {
    if (lockFile !== LOCK_FILE) throw new Problem('--lock-file requires --locked', EXIT.usage)
    return resolveImage(live, address, options)
  }
  if (arch !== undefined) throw new Problem('--locked and --arch cannot be combined', EXIT.usage)
  const pin = findPin(await readExistingLock(lockFile), lockFile, address)
  const found = await resolvePin(live, pin, lockFile)
  checkUnchanged(pin, found.image, lockFile, live, found)
  return found
}
