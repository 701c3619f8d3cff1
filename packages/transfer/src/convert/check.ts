import { aborted, type Abortable, type Answer, type ErrorSite } from '@imago/core'
import type { Finding } from '@imago/inspect'
import * as E from 'fp-ts/lib/Either.js'
import { findComplaint, classifyOpenError, removePath } from './complaint.ts'
import { DRIVERS, type ConvertibleFormat } from './drivers.ts'
import { execute, type Ended } from './execute.ts'
import { limited, DEFAULT_CONVERSION_LIMITS, type ConversionLimits } from './limits.ts'
import type { QemuImg } from './qemu-img.ts'

/** A file whose inside is to be checked. */
export interface CheckRequest extends Abortable {
  /** Absolute. It was inspected, and nothing was found against it. */
  readonly path: string
  readonly format: ConvertibleFormat
  readonly limits?: ConversionLimits | undefined
}

/** What `qemu-img check` says. */
export interface Checked {
  /** `null`: nothing wrong, as far as QEMU can tell of this format. */
  readonly failure: Finding | null
  /** Why it could not tell; `null`: it did, or it never does of this format. */
  readonly unchecked: string | null
}

const SOUND: Checked = { failure: null, unchecked: null }

/** Of qemu-img(1), `check`: what its exit codes say. 3 is for clusters that are counted and not used: no data is lost. */
const CORRUPT = 2
const LEAKS = 3
const UNSUPPORTED = 63

/** How it says that there is less than there should be, in 6.2 to 10: of qcow2, VHDX, VHD, and of VMDK, whose table cannot be read then. */
const CUT = /exceeding the end of the file|after (?:the )?end of (?:the )?file|truncated|^Check failed: Invalid argument$/i
/** How it says, with the exit code of all that goes wrong, that the file is at fault. */
const AT_FAULT = /corrupt|invalid VPC image|image bitmap has room for/i

const parseCorruptions = (output: string): number | null => {
  const count = /"corruptions": (\d{1,9})\b/.exec(output)?.[1]
  return count === undefined ? null : Number(count)
}

const firstLine = (errors: string): string => (errors.trim().split('\n', 1)[0] ?? '').replace(/^(?:qemu-img: |ERROR:? )/, '').slice(0, 300)

const SOURCE = 'qemu-img check'

const cut = (message: string): Finding => ({ check: 'truncated', what: `the image was cut short (qemu-img check: ${message})`, source: SOURCE })

const damaged = (message: string, count: number | null): Finding => ({
  check: 'damaged',
  what: `qemu-img check finds ${count === null ? 'corruption' : count === 1 ? '1 corruption' : `${count} corruptions`} in its tables${message === '' ? '' : `: ${message}`}`,
  source: SOURCE,
})

const checkedOf = (ended: Ended, { path }: CheckRequest): Checked => {
  const { code, errors, output } = ended
  if (code === 0 || code === LEAKS || code === UNSUPPORTED) return SOUND
  if (code === CORRUPT) return { failure: CUT.test(errors) ? cut(firstLine(errors)) : damaged(firstLine(errors), parseCorruptions(output)), unchecked: null }
  const complained = findComplaint(ended)
  const complaint = removePath(complained, path)
  if (code === 1 && CUT.test(complaint)) return { failure: cut(complaint), unchecked: null }
  if (code === 1 && AT_FAULT.test(complaint)) return { failure: damaged(complaint, null), unchecked: null }
  if (code === 1 && classifyOpenError(complained, path) === 'damaged') return { failure: { check: 'damaged', what: `qemu-img cannot open it: ${complaint}`, source: SOURCE }, unchecked: null }
  return { failure: null, unchecked: ended.stopped === 'timeout' ? 'it took too long' : complaint === '' ? `qemu-img ended with ${code ?? ended.signal ?? 'nothing'}` : complaint }
}

/** The file alone: no name in it leads to another, and its own is none of another protocol. */
const placeOf = ({ path, format }: CheckRequest): string =>
  `json:${JSON.stringify({ driver: DRIVERS[format], ...(format === 'qcow2' || format === 'vmdk' ? { backing: null } : {}), file: { driver: 'file', filename: path } })}`

/**
 * Asks `qemu-img check` whether all that an image's tables lead to is there, within the limits of a conversion. It reads tables only, changes nothing, and waits for no lock.
 *
 * Errors: `Aborted`. What keeps qemu-img from telling is no error: `unchecked`.
 */
export const checkImage =
  (qemuImg: QemuImg, request: CheckRequest, site: ErrorSite): Answer<Checked> =>
  async () => {
    const { signal, limits = DEFAULT_CONVERSION_LIMITS } = request
    const [program, args] = await limited(qemuImg.path, ['check', '-U', '--output=json', placeOf(request)], limits)
    const ended = await execute(program, args, { timeoutMs: limits.timeoutMs, signal })
    return ended.stopped === 'aborted' ? E.left(aborted(site)) : E.right(checkedOf(ended, request))
  }
