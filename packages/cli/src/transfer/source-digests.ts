import {
  findContradiction,
  findDigest,
  maskUrl,
  MAX_DIGEST_FILE_BYTES,
  parseDigestFile,
  parseExpectedDigest,
  type DigestFile,
  type ExpectedDigest,
  type TransferSource,
} from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { open } from 'node:fs/promises'
import { EXIT } from '../exit-code.ts'
import type { PlanningOptions } from '../options/transfer.ts'
import { fileProblem, Problem } from '../problem.ts'

/** Reads the content of a URL in the same way as sources; fails above `most` bytes. */
export type ReadUrl = (url: string, maxBytes: number) => Promise<Uint8Array>

/** The values of `--digest` and `--digest-file`. */
export interface SourceDigests {
  readonly given: readonly ExpectedDigest[]
  readonly files: readonly DigestFile[]
}

const IS_URL = /^https?:\/\//i

/** Reads a digest file up to its maximum size, because the name may be that of the image itself, or of a device. */
const readStart = async (path: string): Promise<Uint8Array> => {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw fileProblem('read', path, error)
  })
  try {
    const buffer = Buffer.alloc(MAX_DIGEST_FILE_BYTES + 1)
    let length = 0
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length)
      length += bytesRead
      if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length)
    }
  } catch (error) {
    throw fileProblem('read', path, error)
  } finally {
    await handle.close()
  }
}

const digestFileAt = async (word: string, readUrl: ReadUrl): Promise<DigestFile> => {
  const isUrl = IS_URL.test(word)
  const from = isUrl ? maskUrl(word) : word
  const file = parseDigestFile(isUrl ? await readUrl(word, MAX_DIGEST_FILE_BYTES) : await readStart(word), from)
  if (E.isLeft(file)) throw new Problem(`--digest-file ${from}: ${file.left}`, EXIT.usage)
  return file.right
}

/** Reads the digests of the options, once for all sources. */
export const readSourceDigests = async (
  { digest = [], digestFile = [] }: Pick<PlanningOptions, 'digest' | 'digestFile'>,
  readUrl: ReadUrl,
): Promise<SourceDigests> => {
  const given = digest.map((text) => {
    const parsed = parseExpectedDigest(text)
    if (E.isLeft(parsed)) throw new Problem(`--digest: ${parsed.left}`, EXIT.usage)
    return parsed.right
  })
  const files: DigestFile[] = []
  for (const word of digestFile) files.push(await digestFileAt(word, readUrl))
  return { given, files }
}

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** The paths by which a digest file may name the source. A URL has two if it was redirected. */
const toPaths = (source: TransferSource): readonly string[] => {
  switch (source.kind) {
    case 'file':
      return [source.path]
    case 'image':
      return [source.image.name ?? source.image.ref.id]
    case 'url':
      return [source.url, ...(source.finalUrl === undefined ? [] : [source.finalUrl])].flatMap((url) => {
        const path = url.replace(/[?#].*$/s, '')
        return decoded(path) === path ? [path] : [path, decoded(path)]
      })
  }
}

/** Finds the expected digests of a source. `--digest` requires a single source. */
export const findSourceDigests = (
  source: TransferSource,
  { given, files }: SourceDigests,
  sources: number,
): readonly ExpectedDigest[] => {
  if (given.length > 0 && sources > 1)
    throw new Problem(`--digest applies to a single image, and ${sources} are selected. Use --digest-file`, EXIT.usage)
  const found = files.map((file) => {
    const digest = findDigest(file, toPaths(source))
    if (E.isLeft(digest)) throw new Problem(`--digest-file ${file.from}: ${digest.left}`, EXIT.usage)
    if (digest.right.name === null && sources > 1)
      throw new Problem(
        `--digest-file ${file.from}: the digest has no name, and ${sources} images are selected`,
        EXIT.usage,
      )
    return digest.right
  })
  const all = [...given, ...found]
  const differing = findContradiction(all)
  if (differing === null) return all
  const named = differing.map(({ from, value }) => `${from ?? '--digest'} gives ${value.slice(0, 16)}…`)
  throw new Problem(`the ${differing[0].algorithm} digests of the source differ: ${named.join(', ')}`, EXIT.usage)
}
