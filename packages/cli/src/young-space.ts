import { setFlagsFromString } from 'node:v8'

/**
 * Limits V8's space for young objects. Since Node 22 it can grow beyond 100 MiB, most of the program's memory, without a benefit for streams of
 * records. Call it before reading records.
 */
export const limitYoungSpace = (): void => {
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (major > 20) setFlagsFromString('--semi-space-growth-factor=1')
}

/** Lets the spaces of threads grow again, up to the limit of each thread. */
export const unlimitYoungSpace = (): void => {
  setFlagsFromString('--semi-space-growth-factor=2')
}
