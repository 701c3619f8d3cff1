import { createInspector } from '@imago/inspect'
import { extract } from '../archive/extract.ts'
import { decompress, DEFAULT_DECOMPRESSION_LIMITS } from '../decompress/decompress.ts'
import { detectCompression } from '../decompress/kind.ts'
import { checkSafety, type AllowableCheck } from '../safety/check-safety.ts'
import { checkOnPath, convertOnPath } from './convert-tool.ts'
import type { RunTools } from './tools.ts'

/** The default tools of a run. qemu-img is searched on the path of this process. `allow`: checks that may fail. */
export const createDefaultTools = (
  others: Partial<RunTools> = {},
  allow: readonly AllowableCheck[] = [],
): RunTools => ({
  createInspector,
  checkSafety: (site, inspection, declared, claims = {}) =>
    checkSafety(site, inspection, declared, { ...claims, allow }),
  detectCompression,
  decompress: (bytes, kind, { maxBytes, advice }, site) =>
    decompress(
      bytes,
      kind,
      { ...DEFAULT_DECOMPRESSION_LIMITS, bytes: maxBytes ?? DEFAULT_DECOMPRESSION_LIMITS.bytes, advice },
      site,
    ),
  extract,
  checkDisk: checkOnPath(process.env['PATH'] ?? ''),
  convert: convertOnPath(process.env['PATH'] ?? ''),
  ...others,
})
