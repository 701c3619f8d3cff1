import { unsupported, type ImageError } from '@imago/core'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { decompressed, USUAL_LIMITS } from '../decompress/decompressed.ts'
import { compressionOf } from '../decompress/kind.ts'
import { createInspector } from '../inspect/inspector.ts'
import { unsafetyOf } from '../inspect/unsafety.ts'
import { MOVE_SITE } from './context.ts'
import type { RunTools } from './tools.ts'

const cannot = (what: string): ImageError => unsupported(MOVE_SITE, { what: `nothing here can ${what}`, hint: 'Do it before, and move the result', capability: 'upload' })

/** What a run does to bytes unless its caller brings something else. */
export const usualTools = ({ convert, ...others }: Partial<RunTools> = {}): RunTools => ({
  createInspector,
  unsafetyOf,
  compressionOf,
  decompressed: (bytes, kind, { most }, site) => decompressed(bytes, kind, { ...USUAL_LIMITS, bytes: most ?? USUAL_LIMITS.bytes }, site),
  convert: convert ?? (({ from, to }) => TE.left(cannot(`convert ${from.format} into ${to.format}`))),
  ...others,
})

