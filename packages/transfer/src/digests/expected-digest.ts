import * as E from 'fp-ts/lib/Either.js'
import { DIGEST_ALGORITHMS, countHexDigits, isHex, toDigestAlgorithm, type DigestAlgorithm } from './algorithm.ts'

/** A publisher's digest of an image: of the bytes as published, before decompression or extraction. */
export interface ExpectedDigest {
  readonly algorithm: DigestAlgorithm
  /** In lower-case hex. */
  readonly value: string
  /** Path or URL of the digest file, without secrets. `null`: it was given directly. */
  readonly from: string | null
  /** Name of the image in the digest file; `null`: none. */
  readonly name: string | null
  /** Whether the digest file is signed. imago does not verify signatures. */
  readonly signature: 'none' | 'not-verified'
}

/** In characters: longer texts are shortened in errors. */
const MAX_SHOWN_LENGTH = 80

const shorten = (text: string): string =>
  text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text

const FORM = 'expected ALGORITHM:HEX, such as sha256:9f86…'

/** Parses `sha256:9f86…`. Left: why it is invalid. */
export const parseExpectedDigest = (text: string): E.Either<string, ExpectedDigest> => {
  const colon = text.indexOf(':')
  if (colon === -1) return E.left(`"${shorten(text)}" has no algorithm: ${FORM}`)
  const word = text.slice(0, colon)
  const value = text.slice(colon + 1)
  const algorithm = toDigestAlgorithm(word)
  if (algorithm === null)
    return E.left(`unknown algorithm "${shorten(word)}" (one of: ${DIGEST_ALGORITHMS.join(', ')})`)
  const digits = countHexDigits(algorithm)
  if (!isHex(value)) return E.left(`"${shorten(value)}" is not hexadecimal: ${FORM}`)
  if (value.length !== digits)
    return E.left(`a ${algorithm} digest has ${digits} hexadecimal digits, and this one has ${value.length}`)
  return E.right({ algorithm, value: value.toLowerCase(), from: null, name: null, signature: 'none' })
}

/** Two different digests of the same algorithm; `null`: none. */
export const findContradiction = (
  digests: readonly ExpectedDigest[],
): readonly [ExpectedDigest, ExpectedDigest] | null => {
  for (const [index, one] of digests.entries()) {
    const other = digests
      .slice(index + 1)
      .find(({ algorithm, value }) => algorithm === one.algorithm && value !== one.value)
    if (other !== undefined) return [one, other]
  }
  return null
}
