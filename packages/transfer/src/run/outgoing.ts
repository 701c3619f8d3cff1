import type { ByteSource, Capabilities } from '@imago/core'
import { MOVE_SITE } from './context.ts'
import { fileBytes, withheldUnless } from './file-bytes.ts'
import { bestAlgorithm } from './meter.ts'
import type { Cargo } from './obtain.ts'

/**
 * What is sent. Where the target will tell a digest, that one is compared afterwards; else, and for a file that others may write to, the last
 * chunk is held back until what was read here is once more what was inspected.
 */
export const outgoing = ({ path, ready, inPlace }: Cargo, { digests }: Capabilities): ByteSource => {
  const bytes = fileBytes(path, ready.size, MOVE_SITE)
  const algorithm = bestAlgorithm(Object.keys(ready.digests))
  const expected = ready.digests[algorithm]
  return expected === undefined || (digests.length > 0 && !inPlace) ? bytes : withheldUnless(bytes, algorithm, expected, MOVE_SITE)
}
