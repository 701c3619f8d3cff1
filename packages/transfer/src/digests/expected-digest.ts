import * as E from 'fp-ts/lib/Either.js'
import { DIGEST_ALGORITHMS, countHexDigits, isHex, toDigestAlgorithm, type DigestAlgorithm } from './algorithm.ts'

/** A digest that the publisher of an image gives for it: of the bytes as they are published, before anything is unpacked. */
export interface ExpectedDigest {
  readonly algorithm: DigestAlgorithm
  /** In lower-case hex. */
  readonly value: string
  /** The file that has it: a path or a URL, without secrets. `null`: it was given by itself. */
  readonly from: string | null
  /** What the file calls the image; `null`: it names none. */
  readonly name: string | null
  /** Whether the file has a signature. imago verifies none. */
  readonly signature: 'none' | 'not-verified'
}

/** Longer texts are not repeated in errors. */
const MOST_SHOWN = 80

const shown = (text: string): string => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text)

const FORM = 'expected ALGORITHM:HEX, such as sha256:9f86…'

/** Reads `sha256:9f86…`. Left: what is wrong with it. */
export const parseExpectedDigest = (text: string): E.Either<string, ExpectedDigest> => {
  const colon = text.indexOf(':')
  if (colon === -1) return E.left(`"${shown(text)}" names no algorithm: ${FORM}`)
  const word = text.slice(0, colon)
  const value = text.slice(colon + 1)
  const algorithm = toDigestAlgorithm(word)
  if (algorithm === null) return E.left(`unknown algorithm "${shown(word)}" (one of: ${DIGEST_ALGORITHMS.join(', ')})`)
  const digits = countHexDigits(algorithm)
  if (!isHex(value)) return E.left(`"${shown(value)}" is not hexadecimal: ${FORM}`)
  if (value.length !== digits) return E.left(`a ${algorithm} digest has ${digits} hexadecimal digits, and this one has ${value.length}`)
  return E.right({ algorithm, value: value.toLowerCase(), from: null, name: null, signature: 'none' })
}

/** Two digests of one algorithm that differ; `null`: none do. */
export const findContradiction = (digests: readonly ExpectedDigest[]): readonly [ExpectedDigest, ExpectedDigest] | null => {
  for (const [index, one] of digests.entries()) {
    const other = digests.slice(index + 1).find(({ algorithm, value }) => algorithm === one.algorithm && value !== one.value)
    if (other !== undefined) return [one, other]
  }
  return null
}
