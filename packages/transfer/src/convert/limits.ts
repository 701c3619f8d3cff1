import { findProgram } from './qemu-img.ts'

/** What the program may use. */
export interface ConversionLimits {
  /** Address space, in bytes. */
  readonly memory: number
  /** Seconds of a processor. */
  readonly cpuSeconds: number
  readonly timeoutMs: number
  /** The most bytes that the new file may have, and the disk in it. */
  readonly size: number
}

/** Nova and Glance give qemu-img the same address space (`QEMU_IMG_LIMITS`), and 30 s of a processor to look at a file: a conversion of some hundred GB takes longer. */
export const DEFAULT_CONVERSION_LIMITS: ConversionLimits = { memory: 2 ** 30, cpuSeconds: 3600, timeoutMs: 6 * 3_600_000, size: 16 * 2 ** 40 }

/** util-linux's prlimit sets the limits before it becomes qemu-img. Where there is none (macOS), time alone is limited. */
export const limited = async (program: string, args: readonly string[], { memory, cpuSeconds, size }: ConversionLimits): Promise<readonly [string, readonly string[]]> => {
  const prlimit = await findProgram('prlimit', '/usr/bin:/bin')
  return prlimit === null ? [program, args] : [prlimit, [`--as=${memory}`, `--cpu=${cpuSeconds}`, `--fsize=${size}`, '--core=0', '--', program, ...args]]
}
