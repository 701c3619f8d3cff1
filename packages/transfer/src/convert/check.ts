import { aborted, type Abortable, type ImageResult, type ErrorSite } from '@imago/core'
import type { Finding } from '@imago/inspect'
import * as E from 'fp-ts/lib/Either.js'
import { findErrorLine, classifyOpenError, removePath } from './error-message.ts'
import { DRIVERS, type ConvertibleFormat } from './drivers.ts'
import { execute, type Ended } from './execute.ts'
import { limitProgram, DEFAULT_CONVERSION_LIMITS, type ConversionLimits } from './limits.ts'
import type { QemuImg } from './qemu-img.ts'

/** A file to check. */
export interface CheckRequest extends Abortable {
  /** Absolute path. Its inspection has no failures. */
  readonly path: string
  readonly format: ConvertibleFormat
  readonly limits?: ConversionLimits | undefined
}

/** The result of `qemu-img check`. */
export interface DiskCheckResult {
  /** `null`: none, as far as QEMU can check this format. */
  readonly failure: Finding | null
  /** Why it could not be checked; `null`: it was, or QEMU cannot check this format. */
  readonly unchecked: string | null
}

const SOUND: DiskCheckResult = { failure: null, unchecked: null }

/** Exit codes of `qemu-img check` (qemu-img(1)). Leaked clusters are allocated but unused: no data is lost. */
const CORRUPT = 2
const LEAKS = 3
const UNSUPPORTED = 63

/** Messages of QEMU 6.2 to 10 for truncated files: of qcow2, VHDX, VHD, and of VMDK, whose table cannot be read then. */
const CUT =
  /exceeding the end of the file|after (?:the )?end of (?:the )?file|truncated|^Check failed: Invalid argument$/i
/** Messages for damaged files with exit code 1, which covers all other errors. */
const AT_FAULT = /corrupt|invalid VPC image|image bitmap has room for/i

const parseCorruptions = (output: string): number | null => {
  const count = /"corruptions": (\d{1,9})\b/.exec(output)?.[1]
  return count === undefined ? null : Number(count)
}

const firstLine = (errors: string): string =>
  (errors.trim().split('\n', 1)[0] ?? '').replace(/^(?:qemu-img: |ERROR:? )/, '').slice(0, 300)

const SOURCE = 'qemu-img check'

const cut = (message: string): Finding => ({
  check: 'truncated',
  what: `the image was cut short (qemu-img check: ${message})`,
  source: SOURCE,
})

const damaged = (message: string, count: number | null): Finding => ({
  check: 'damaged',
  what: `qemu-img check finds ${count === null ? 'corruption' : count === 1 ? '1 corruption' : `${count} corruptions`} in its tables${message === '' ? '' : ` (${message})`}`,
  source: SOURCE,
})

const toChecked = (ended: Ended, { path }: CheckRequest): DiskCheckResult => {
  const { code, errors, output } = ended
  if (code === 0 || code === LEAKS || code === UNSUPPORTED) return SOUND
  if (code === CORRUPT)
    return {
      failure: CUT.test(errors) ? cut(firstLine(errors)) : damaged(firstLine(errors), parseCorruptions(output)),
      unchecked: null,
    }
  const errorLine = findErrorLine(ended)
  const message = removePath(errorLine, path)
  if (code === 1 && CUT.test(message)) return { failure: cut(message), unchecked: null }
  if (code === 1 && AT_FAULT.test(message)) return { failure: damaged(message, null), unchecked: null }
  if (code === 1 && classifyOpenError(errorLine, path) === 'damaged')
    return {
      failure: { check: 'damaged', what: `qemu-img cannot open it (${message})`, source: SOURCE },
      unchecked: null,
    }
  return {
    failure: null,
    unchecked:
      ended.stopped === 'timeout'
        ? 'it took too long'
        : message === ''
          ? `qemu-img ended with ${code ?? ended.signal ?? 'no exit code'}`
          : message,
  }
}

/** The file as a `json:` name, so that its path is not taken for a protocol and no backing file is opened. */
const toJsonName = ({ path, format }: CheckRequest): string =>
  `json:${JSON.stringify({ driver: DRIVERS[format], ...(format === 'qcow2' || format === 'vmdk' ? { backing: null } : {}), file: { driver: 'file', filename: path } })}`

/**
 * Checks an image with `qemu-img check`, within the limits of a conversion: whether everything that its tables point to is there. It reads only tables, changes nothing, and takes no lock.
 *
 * Errors: `Aborted`. If qemu-img cannot check the image, that is not an error but `unchecked`.
 */
export const checkImage =
  (qemuImg: QemuImg, request: CheckRequest, site: ErrorSite): ImageResult<DiskCheckResult> =>
  async () => {
    const { signal, limits = DEFAULT_CONVERSION_LIMITS } = request
    const [program, args] = await limitProgram(
      qemuImg.path,
      ['check', '-U', '--output=json', toJsonName(request)],
      limits,
    )
    const ended = await execute(program, args, { timeoutMs: limits.timeoutMs, signal })
    return ended.stopped === 'aborted' ? E.left(aborted(site)) : E.right(toChecked(ended, request))
  }
