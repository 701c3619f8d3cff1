import { cloudKey, type Pin } from '@imago/lock'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { parseWithin } from '../../listing/age.ts'
import type { LiveContext } from '../../live.ts'
import { readExistingLock } from '../../lock/lock-store.ts'
import { verifyPins, type Verified, type VerifiedPin } from '../../lock/verify-pins.ts'
import { column, columnSet } from '../../output/column.ts'
import { printRows, requestRows } from '../../output/rows.ts'
import { Problem } from '../../problem.ts'
import { formatSuggestion } from '../../format-suggestion.ts'
import type { VerifyOptions } from './options.ts'

const formatDetail = ({ result }: VerifiedPin): string | null => {
  switch (result.state) {
    case 'ok':
      return null
    case 'changed':
      return result.facts.map(({ fact, pinned, now }) => `${fact}: ${pinned ?? '-'} → ${now ?? '-'}`).join(', ')
    case 'gone':
      return result.status
    case 'expires':
      return `unavailable after ${result.unavailableAfter}`
    case 'unverified':
      return result.reason
  }
}

const COLUMNS = columnSet<VerifiedPin>('id', [
  column('state', 'STATE', ({ result }) => result.state),
  column('image', 'IMAGE', ({ pin }) => pin.image, { whole: true }),
  column('cloud', 'CLOUD', ({ pin }) => cloudKey(pin)),
  column('id', 'ID', ({ pin }) => pin.id, { whole: true }),
  column('pin', 'PIN', ({ pin }) => pin.pin),
  column('detail', 'DETAIL', formatDetail),
])

/** The exit code of the worst state. From the worst: gone, changed, not verified, expiring. */
const toExitCode = (rows: readonly VerifiedPin[]): ExitCode => {
  const codes: readonly (readonly [Verified['state'], ExitCode])[] = [
    ['gone', EXIT.temporary],
    ['changed', EXIT.findings],
    ['unverified', EXIT.error],
    ['expires', EXIT.refused],
  ]
  return codes.find(([state]) => rows.some(({ result }) => result.state === state))?.[1] ?? EXIT.done
}

const chosenPins = (pins: readonly Pin[], names: readonly string[], file: string): readonly Pin[] => {
  const known = [...new Set(pins.map(({ image }) => image))]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new Problem(
      `image not found in ${file}: ${unknown}${formatSuggestion(unknown, known) || (known.length === 0 ? '' : `. Images: ${known.join(', ')}`)}`,
      EXIT.usage,
    )
  return names.length === 0 ? pins : pins.filter(({ image }) => names.includes(image))
}

/** `imago verify`: compares pinned images with their current state. Requests each by its ID, without listing images. */
export const verify = async (
  names: readonly string[],
  options: VerifyOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  const request = requestRows(COLUMNS, options)
  const within = options.within === undefined ? null : parseWithin(options.within, live.timing.clock()).period
  const pins = chosenPins((await readExistingLock(options.lockFile)).pins, names, options.lockFile)
  const rows = await verifyPins(live, pins, within)
  await printRows(COLUMNS, request, rows, live.output, (sorted) => ({
    $schema: 'urn:imago:schema:verification:1',
    pins: sorted.map(({ pin, result }) => ({
      ...result,
      image: pin.image,
      cloud: cloudKey(pin),
      id: pin.id,
      pin: pin.pin,
    })),
  }))
  await live.output.end()
  return toExitCode(rows)
}
