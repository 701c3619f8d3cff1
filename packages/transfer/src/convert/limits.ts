import { findProgram } from './qemu-img.ts'

/** Resource limits of qemu-img. */
export interface ConversionLimits {
  /** Address space, in bytes. */
  readonly memory: number
  /** CPU time, in seconds. */
  readonly cpuSeconds: number
  readonly timeoutMs: number
  /** Of the new file and of the disk in it, in bytes. */
  readonly size: number
}

/** The address space is that of Nova and Glance (`QEMU_IMG_LIMITS`). They allow 30 s of CPU time to inspect a file; converting some hundred GB takes longer. */
export const DEFAULT_CONVERSION_LIMITS: ConversionLimits = {
  memory: 2 ** 30,
  cpuSeconds: 3600,
  timeoutMs: 6 * 3_600_000,
  size: 16 * 2 ** 40,
}

/** The command that runs a program within limits, by util-linux's prlimit. Without prlimit (macOS), only the time is limited. */
export const limitProgram = async (
  program: string,
  args: readonly string[],
  { memory, cpuSeconds, size }: ConversionLimits,
): Promise<readonly [string, readonly string[]]> => {
  const prlimit = await findProgram('prlimit', '/usr/bin:/bin')
  return prlimit === null
    ? [program, args]
    : [prlimit, [`--as=${memory}`, `--cpu=${cpuSeconds}`, `--fsize=${size}`, '--core=0', '--', program, ...args]]
}
