import { aborted, conflict, integrityFailed, rejected, unavailable, unsafeImage, type Abortable, type Answer, type ErrorSite, type ImageError } from '@imago/core'
import { createInspector, type InspectedFormat, type Inspection } from '@imago/inspect'
import * as E from 'fp-ts/lib/Either.js'
import { createReadStream } from 'node:fs'
import { mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { ALLOWABLE_CHECKS, checkSafety } from '../safety/check-safety.ts'
import { findComplaint, classifyOpenError, removePath } from './complaint.ts'
import { DRIVERS, type ConvertibleFormat } from './drivers.ts'
import { execute, type Ended } from './execute.ts'
import { limited, DEFAULT_CONVERSION_LIMITS, type ConversionLimits } from './limits.ts'
import type { QemuImg } from './qemu-img.ts'

/** What keeps the new file to one that holds all it needs, in the form that clouds take. */
const LAYOUTS: Readonly<Partial<Record<ConvertibleFormat, string>>> = { vmdk: 'subformat=streamOptimized', vhd: 'subformat=dynamic,force_size=on', qcow2: 'compat=1.1' }

/** How the names of directories begin in which conversions are under way. */
export const CONVERTING = '.converting-'

/** A conversion. */
export interface Conversion extends Abortable {
  /** Of a file on this machine. Nobody else may write to it. */
  readonly from: string
  /** What its inspection said of it. */
  readonly inspection: Inspection
  /** What it is said to be: the inspection must agree. */
  readonly format: ConvertibleFormat
  readonly to: ConvertibleFormat
  /** Where the new file will be: it is made in a directory of its own beside that, and put there when it is whole. */
  readonly into: string
  readonly limits?: ConversionLimits | undefined
  /** Of 100. */
  readonly onProgress?: ((percent: number) => void) | undefined
}

export interface Converted {
  readonly path: string
  /** In bytes. */
  readonly size: number
  readonly inspection: Inspection
}

/** The last percentage in what `-p` prints: `    (12.34/100%)`, each over the one before. */
export const parsePercent = (printed: string): number | null => {
  const last = [...printed.matchAll(/\((\d{1,3}(?:\.\d+)?)\/100%\)/g)].at(-1)?.[1]
  return last === undefined ? null : Number(last)
}

/** The key is never asked for. */
const DECRYPT = 'Decrypt it first (qemu-img convert, with its key), and make a new plan of the result'

/** What an inspection finds in what is called this: a GPT or an ISO is a raw disk, too. */
const toInspectedFormats = (format: ConvertibleFormat): readonly InspectedFormat[] => (format === 'raw' ? ['raw', 'gpt', 'iso'] : [format])

const refusalOf = ({ from, inspection, format, to, into, limits = DEFAULT_CONVERSION_LIMITS }: Conversion, site: ErrorSite): ImageError | null => {
  // What may be allowed is up to whoever inspected it: qemu-img reads no partition table.
  const unsafe = checkSafety(site, inspection, format, { allow: ALLOWABLE_CHECKS })
  if (unsafe !== null) return unsafe
  if (!toInspectedFormats(format).includes(inspection.format)) return unsafeImage(site, { what: `the file is said to be ${format}, and is ${inspection.format}`, check: 'format_mismatch' })
  if (inspection.isEncrypted === true) return rejected(site, { what: `the ${format} is encrypted: it cannot be converted without its key`, hint: DECRYPT, remedy: 'new-plan' })
  if (format === to) return rejected(site, { what: `it is ${to} already`, hint: 'Do not convert it' })
  // qemu-img takes `nbd:…`, `ssh:…`, `json:{…}` for places elsewhere; an absolute path is one.
  if (!isAbsolute(from) || !isAbsolute(into)) return rejected(site, { what: 'the files of a conversion must have absolute paths' })
  if (inspection.virtualSize !== null && inspection.virtualSize > limits.size) return unsafeImage(site, { what: `the disk in it has ${inspection.virtualSize} bytes, more than the ${limits.size} that are allowed`, check: 'decompression_bomb' })
  return null
}

/** QEMU counts disks in sectors of so many bytes. */
const SECTOR = 512

const argumentsOf = ({ from, format, to }: Conversion, target: string): readonly string[] => {
  const layout = LAYOUTS[to]
  return ['convert', '-p', '-f', DRIVERS[format], '-O', DRIVERS[to], '-t', 'writeback', ...(layout === undefined ? [] : ['-o', layout]), from, target]
}

const failureOf = (ended: Ended, { limits = DEFAULT_CONVERSION_LIMITS, from, format, to }: Conversion, target: string, site: ErrorSite): ImageError | null => {
  const whole = `the conversion from ${format} to ${to}`
  if (ended.stopped === 'aborted') return aborted(site)
  if (ended.stopped === 'timeout') return unavailable(site, { what: `${whole} took longer than ${limits.timeoutMs / 1000} s`, hint: 'Allow it more time' })
  if (ended.stopped === 'not-started') return rejected(site, { what: 'qemu-img could not be started', hint: 'Look at its installation' })
  if (ended.signal === 'SIGXCPU' || ended.signal === 'SIGKILL') return rejected(site, { what: `${whole} was ended by the system: it took more than ${limits.cpuSeconds} s of a processor, or the machine has too little memory`, hint: 'Allow it more' })
  if (ended.signal === 'SIGXFSZ') return rejected(site, { what: `${whole} made more than ${limits.size} bytes`, hint: 'Allow it more' })
  if (ended.code === 0) return null
  const complaint = findComplaint(ended)
  if (/No space left on device/.test(complaint)) return conflict(site, { what: `${whole} found the disk full`, hint: 'Make room, or name another directory' })
  const said = removePath(complaint, target, from)
  const why = classifyOpenError(complaint, from)
  if (why === 'damaged') return unsafeImage(site, { check: 'damaged', what: `the image is damaged (check damaged, format ${format}): qemu-img cannot open it: ${said}`, hint: 'Get a sound copy of it, or repair a copy by qemu-img check -r all; then make a new plan' })
  if (why === 'format') return rejected(site, { what: `${whole} failed: qemu-img cannot open it: ${said}`, hint: 'Convert it by other means, and make a new plan of the result', remedy: 'new-plan' })
  return rejected(site, { what: `${whole} failed: ${complaint === '' ? `qemu-img ended with ${ended.code ?? ended.signal}` : said}`, hint: 'Look at the file with qemu-img check' })
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

const check = async (target: string, conversion: Conversion, site: ErrorSite): Promise<E.Either<ImageError, Converted>> => {
  const { to, into, inspection: before, signal } = conversion
  const inspection = await inspectStream(target, signal)
  if (inspection === null) return E.left(aborted(site))
  const unsafe = checkSafety(site, inspection, to, { allow: ALLOWABLE_CHECKS })
  if (unsafe !== null) return E.left(unsafe)
  if (!toInspectedFormats(to).includes(inspection.format)) return E.left(integrityFailed(site, { what: 'the conversion made something else', expected: to, actual: inspection.format }))
  const { size } = await stat(target)
  const made = to === 'raw' ? size : inspection.virtualSize
  // A format may round the disk up, never down, but for what is behind the last whole sector of a header's odd size: no guest could ever read that.
  if (before.virtualSize !== null && made !== null && made < before.virtualSize - (before.virtualSize % SECTOR)) return E.left(integrityFailed(site, { what: 'the conversion made a smaller disk', expected: `${before.virtualSize} bytes`, actual: `${made} bytes` }))
  await rename(target, into)
  return E.right({ path: into, size, inspection })
}

/**
 * Converts a file by qemu-img: only one whose inspection found nothing against it and agrees with what it is said to be, always with its format named,
 * never guessed; within limits of memory, processor time, file size and time; the new file is inspected as well. Stopped by the signal, it is killed. Whatever happens, nothing half-made is left.
 *
 * Errors: `UnsafeImage` for a file that is not as safe as it must be, or that qemu-img cannot open (check `damaged`), `Rejected`, `Conflict` for a full disk, `IntegrityFailed`, `Unavailable` where its time is over, `Aborted`.
 */
export const convert =
  (qemuImg: QemuImg, conversion: Conversion, site: ErrorSite): Answer<Converted> =>
  async () => {
    const { signal, into, limits = DEFAULT_CONVERSION_LIMITS, onProgress } = conversion
    if (signal?.aborted === true) return E.left(aborted(site))
    const refusal = refusalOf(conversion, site)
    if (refusal !== null) return E.left(refusal)
    let directory: string | null = null
    try {
      directory = await mkdtemp(join(dirname(into), CONVERTING))
      const target = join(directory, 'image')
      const [program, args] = await limited(qemuImg.path, argumentsOf(conversion, target), limits)
      const ended = await execute(program, args, {
        timeoutMs: limits.timeoutMs,
        signal,
        directory,
        onOutput: (text) => {
          const percent = parsePercent(text)
          if (percent !== null) onProgress?.(percent)
        },
      })
      const failure = failureOf(ended, conversion, target, site)
      return failure === null ? await check(target, conversion, site) : E.left(failure)
    } catch (thrown) {
      const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : 'UNKNOWN'
      return E.left(rejected(site, { what: `the converted file cannot be written or read (${code})`, hint: 'Look at the directory it is made in' }))
    } finally {
      if (directory !== null) await rm(directory, { recursive: true, force: true })
    }
  }
