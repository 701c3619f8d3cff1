import { createInspector } from '@imago/inspect'
import { extracted } from '../archive/extracted.ts'
import { decompressed, USUAL_LIMITS } from '../decompress/decompressed.ts'
import { compressionOf } from '../decompress/kind.ts'
import { checkSafety, type AllowableCheck } from '../safety/check-safety.ts'
import { checkOnPath, convertOnPath } from './convert-tool.ts'
import type { RunTools } from './tools.ts'

/** What a run does to bytes unless its caller brings something else. qemu-img is looked for on the path of this process. `allow`: checks that may fail. */
export const usualTools = (others: Partial<RunTools> = {}, allow: readonly AllowableCheck[] = []): RunTools => ({
  createInspector,
  checkSafety: (site, inspection, declared, claims = {}) => checkSafety(site, inspection, declared, { ...claims, allow }),
  compressionOf,
  decompressed: (bytes, kind, { most }, site) => decompressed(bytes, kind, { ...USUAL_LIMITS, bytes: most ?? USUAL_LIMITS.bytes }, site),
  extracted,
  checkDisk: checkOnPath(process.env['PATH'] ?? ''),
  convert: convertOnPath(process.env['PATH'] ?? ''),
  ...others,
})
