import {
  formatSizes,
  aborted,
  conflict,
  formatSize,
  integrityFailed,
  rejected,
  unavailable,
  unsafeImage,
  type Abortable,
  type ImageResult,
  type ErrorDetails,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
import { createInspector, type InspectedFormat, type Inspection } from '@imago/inspect'
import * as E from 'fp-ts/lib/Either.js'
import { createReadStream } from 'node:fs'
import { mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { ALLOWABLE_CHECKS, checkSafety } from '../safety/check-safety.ts'
import { findErrorLine, classifyOpenError, removePath } from './error-message.ts'
import { DRIVERS, type ConvertibleFormat } from './drivers.ts'
import { execute, type Ended } from './execute.ts'
import { limitProgram, DEFAULT_CONVERSION_LIMITS, type ConversionLimits } from './limits.ts'
import type { QemuImg } from './qemu-img.ts'

/** Options for a single-file image in the form that clouds accept. */
const LAYOUTS: Readonly<Partial<Record<ConvertibleFormat, string>>> = {
  vmdk: 'subformat=streamOptimized',
  vhd: 'subformat=dynamic,force_size=on',
  qcow2: 'compat=1.1',
}

/** Prefix of the temporary directories of conversions. */
export const CONVERTING = '.converting-'

/** A conversion. */
export interface Conversion extends Abortable {
  /** Absolute path of the source. No other user may write to it. */
  readonly from: string
  /** Its inspection. */
  readonly inspection: Inspection
  /** Its format, which the inspection must confirm. */
  readonly format: ConvertibleFormat
  readonly to: ConvertibleFormat
  /** Absolute path of the result. It is created in a temporary directory beside it, and renamed when it is complete. */
  readonly into: string
  readonly limits?: ConversionLimits | undefined
  /** Called with 0 to 100. */
  readonly onProgress?: ((percent: number) => void) | undefined
}

/** The result of a conversion. */
export interface Converted {
  readonly path: string
  /** In bytes. */
  readonly size: number
  readonly inspection: Inspection
}

/** The last percentage in the output of `-p`, which overwrites `    (12.34/100%)`. */
export const parsePercent = (printed: string): number | null => {
  const last = [...printed.matchAll(/\((\d{1,3}(?:\.\d+)?)\/100%\)/g)].at(-1)?.[1]
  return last === undefined ? null : Number(last)
}

/** The hint for encrypted images: imago handles no keys. */
const DECRYPT = 'Decrypt it first (qemu-img convert, with its key), then create a new plan with the result'

/** The advice if imago cannot convert an image. */
const CONVERT_FIRST: Pick<ErrorDetails, 'hint' | 'remedy'> = {
  hint: 'Convert it by other means, then create a new plan with the result',
  remedy: 'new-plan',
}

/** The inspected formats that fit a format: a disk with a GPT and an ISO are raw disks, too. */
const toInspectedFormats = (format: ConvertibleFormat): readonly InspectedFormat[] =>
  format === 'raw' ? ['raw', 'gpt', 'iso'] : [format]

const findRefusal = (
  { from, inspection, format, to, into, limits = DEFAULT_CONVERSION_LIMITS }: Conversion,
  site: ErrorSite,
): ImageError | null => {
  // Checks that may be allowed were decided before; none of them concerns qemu-img.
  const unsafe = checkSafety(site, inspection, format, { allow: ALLOWABLE_CHECKS })
  if (unsafe !== null) return unsafe
  if (!toInspectedFormats(format).includes(inspection.format))
    return unsafeImage(site, {
      what: `the file's format is ${inspection.format}, not ${format}`,
      check: 'format_mismatch',
    })
  if (inspection.isEncrypted === true)
    return rejected(site, {
      what: `the ${format} is encrypted and cannot be converted without its key`,
      hint: DECRYPT,
      remedy: 'new-plan',
    })
  if (format === to) return rejected(site, { what: `the image is already ${to}`, hint: 'Do not convert it' })
  // qemu-img takes `nbd:…`, `ssh:…` and `json:{…}` for other protocols; an absolute path is always a file.
  if (!isAbsolute(from) || !isAbsolute(into))
    return rejected(site, { what: 'the paths of a conversion must be absolute' })
  if (inspection.virtualSize !== null && inspection.virtualSize > limits.size) {
    const [size = '', allowed = ''] = formatSizes(inspection.virtualSize, limits.size)
    return unsafeImage(site, {
      what: `the disk in the image has ${size}, more than the ${allowed} allowed`,
      ...CONVERT_FIRST,
      check: 'decompression_bomb',
    })
  }
  return null
}

/** In bytes: QEMU's unit of disk sizes. */
const SECTOR = 512

const toArguments = ({ from, format, to }: Conversion, target: string): readonly string[] => {
  const layout = LAYOUTS[to]
  return [
    'convert',
    '-p',
    '-f',
    DRIVERS[format],
    '-O',
    DRIVERS[to],
    '-t',
    'writeback',
    ...(layout === undefined ? [] : ['-o', layout]),
    from,
    target,
  ]
}

const toFailure = (
  ended: Ended,
  { limits = DEFAULT_CONVERSION_LIMITS, from, format, to, into }: Conversion,
  target: string,
  site: ErrorSite,
): ImageError | null => {
  const whole = `the conversion from ${format} to ${to}`
  if (ended.stopped === 'aborted') return aborted(site)
  if (ended.stopped === 'timeout')
    return unavailable(site, {
      what: `${whole} took longer than ${limits.timeoutMs / 1000} s`,
      hint: 'Resume when the machine is less busy; or convert it by other means, then create a new plan with the result',
    })
  if (ended.stopped === 'not-started')
    return rejected(site, { what: 'qemu-img could not be started', hint: 'Check the installation of qemu-img' })
  if (ended.signal === 'SIGXCPU' || ended.signal === 'SIGKILL')
    return rejected(site, {
      what: `${whole} was killed by the system: it used more than ${limits.cpuSeconds} s of CPU time, or the machine has too little memory`,
      hint: 'Free memory, then resume; or convert it by other means, then create a new plan with the result',
    })
  if (ended.signal === 'SIGXFSZ')
    return rejected(site, {
      what: `${whole} wrote more than the ${formatSize(limits.size)} allowed`,
      ...CONVERT_FIRST,
    })
  if (ended.code === 0) return null
  const message = findErrorLine(ended)
  if (/No space left on device/.test(message))
    return conflict(site, {
      what: `${whole} failed: the disk of ${dirname(into)} is full`,
      hint: 'Free some space there',
    })
  const reason = removePath(message, target, from)
  const why = classifyOpenError(message, from)
  if (why === 'damaged')
    return unsafeImage(site, {
      check: 'damaged',
      what: `the image is damaged (check damaged, format ${format}): qemu-img cannot open it (${reason})`,
      hint: 'Get an intact copy, or repair a copy with qemu-img check -r all; then create a new plan',
    })
  if (why === 'format')
    return rejected(site, {
      what: `${whole} failed: qemu-img cannot open it (${reason})`,
      ...CONVERT_FIRST,
    })
  return rejected(site, {
    what: `${whole} failed: ${message === '' ? `qemu-img ended with ${ended.code ?? ended.signal}` : reason}`,
    hint: 'Check the file with qemu-img check',
  })
}

/** Inspects a whole file as a stream; `null`: aborted. */
export const inspectStream = async (path: string, signal: Conversion['signal']): Promise<Inspection | null> => {
  const inspector = createInspector()
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    if (signal?.aborted === true) return null
    inspector.write(chunk as Uint8Array)
  }
  return inspector.end()
}

const check = async (
  target: string,
  conversion: Conversion,
  site: ErrorSite,
): Promise<E.Either<ImageError, Converted>> => {
  const { to, into, inspection: before, signal } = conversion
  const inspection = await inspectStream(target, signal)
  if (inspection === null) return E.left(aborted(site))
  const unsafe = checkSafety(site, inspection, to, { allow: ALLOWABLE_CHECKS })
  if (unsafe !== null) return E.left(unsafe)
  if (!toInspectedFormats(to).includes(inspection.format))
    return E.left(
      integrityFailed(site, {
        what: 'the conversion produced another format',
        expected: to,
        actual: inspection.format,
      }),
    )
  const { size } = await stat(target)
  const made = to === 'raw' ? size : inspection.virtualSize
  // A format may round the size up, but not down, except for a partial last sector, which no guest can read.
  if (before.virtualSize !== null && made !== null && made < before.virtualSize - (before.virtualSize % SECTOR))
    return E.left(
      integrityFailed(site, {
        what: 'the conversion produced a smaller disk',
        expected: `${before.virtualSize} bytes`,
        actual: `${made} bytes`,
      }),
    )
  await rename(target, into)
  return E.right({ path: into, size, inspection })
}

/**
 * Converts a file with qemu-img. The inspection of the file must have no failures and confirm its format, which is passed to qemu-img. Memory, CPU time, file size and
 * time are limited, and the result is inspected, too. If it fails or is aborted, no partial result is left.
 *
 * Errors: `UnsafeImage` for a file that is not safe, or that qemu-img cannot open (check `damaged`); `Rejected`; `Conflict` for a full disk; `IntegrityFailed`; `Unavailable` after the time limit; `Aborted`.
 */
export const convert =
  (qemuImg: QemuImg, conversion: Conversion, site: ErrorSite): ImageResult<Converted> =>
  async () => {
    const { signal, into, limits = DEFAULT_CONVERSION_LIMITS, onProgress } = conversion
    if (signal?.aborted === true) return E.left(aborted(site))
    const refusal = findRefusal(conversion, site)
    if (refusal !== null) return E.left(refusal)
    let directory: string | null = null
    try {
      directory = await mkdtemp(join(dirname(into), CONVERTING))
      const target = join(directory, 'image')
      const [program, args] = await limitProgram(qemuImg.path, toArguments(conversion, target), limits)
      const ended = await execute(program, args, {
        timeoutMs: limits.timeoutMs,
        signal,
        directory,
        onOutput: (text) => {
          const percent = parsePercent(text)
          if (percent !== null) onProgress?.(percent)
        },
      })
      const failure = toFailure(ended, conversion, target, site)
      return failure === null ? await check(target, conversion, site) : E.left(failure)
    } catch (thrown) {
      const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : 'UNKNOWN'
      return E.left(
        rejected(site, {
          what: `the converted file cannot be written or read (${code})`,
          hint: 'Check the directory of the file',
        }),
      )
    } finally {
      if (directory !== null) await rm(directory, { recursive: true, force: true })
    }
  }
