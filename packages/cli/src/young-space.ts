import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Bytes: more room for young objects than this saves no time in a program that keeps nothing. */
const ENOUGH = 8 * 1024 * 1024

let isLimited = false

/**
 * Stops V8 from giving young objects ever more room. Since Node 22 it may grow to hundreds of MiB, which a stream of records fills with garbage
 * and never needs. To be called now and then while records stream.
 */
export const limitYoungSpace = (): void => {
  if (isLimited) return
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  if (young === undefined || young.space_size < ENOUGH) return
  setFlagsFromString('--semi-space-growth-factor=1')
  isLimited = true
}
