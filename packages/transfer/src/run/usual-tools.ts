import { unsupported, type ImageError } from '@imago/core'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createInspector } from '../inspect/inspector.ts'
import { unsafetyOf } from '../inspect/unsafety.ts'
import type { Compression } from '../plan/plan.ts'
import { MOVE_SITE } from './context.ts'
import type { RunTools } from './tools.ts'

/** RFC 1952 §2.3.1; The .xz File Format §2.1.1.1; RFC 8878 §3.1.1; bzip2 1.0, the signature `BZh` and the size of its blocks. */
const SIGNATURES: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
]

/** What the first bytes say; `null`: not compressed. */
export const compressionIn = (head: Uint8Array): Compression | null => SIGNATURES.find(([, signature]) => signature.every((byte, index) => head[index] === byte))?.[0] ?? null

const cannot = (what: string): ImageError => unsupported(MOVE_SITE, { what: `nothing here can ${what}`, hint: 'Do it before, and move the result', capability: 'upload' })

/** What a run does to bytes unless its caller brings something else. */
export const usualTools = ({ decompressed, convert, ...others }: Partial<RunTools> = {}): RunTools => ({
  createInspector,
  unsafetyOf,
  compressionOf: compressionIn,
  decompressed: decompressed ?? ((_, kind) => ({ size: null, open: () => TE.left(cannot(`decompress ${kind}`)) })),
  convert: convert ?? (({ from, to }) => TE.left(cannot(`convert ${from.format} into ${to.format}`))),
  ...others,
})

