/** The algorithms of publishers' digests, the strongest first. */
export const DIGEST_ALGORITHMS = ['sha512', 'sha384', 'sha256', 'sha224', 'sha1', 'md5'] as const
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number]

/** Length of a digest in hex digits. */
const HEX_DIGITS: Readonly<Record<DigestAlgorithm, number>> = {
  sha512: 128,
  sha384: 96,
  sha256: 64,
  sha224: 56,
  sha1: 40,
  md5: 32,
}

/** Algorithms with practical collisions. They still reveal accidental damage. */
const WEAK: ReadonlySet<DigestAlgorithm> = new Set(['sha1', 'md5'])

/** Whether a digest of this algorithm does not prove authenticity. */
export const isWeak = (algorithm: DigestAlgorithm): boolean => WEAK.has(algorithm)

/** Length of a digest in hex digits. */
export const countHexDigits = (algorithm: DigestAlgorithm): number => HEX_DIGITS[algorithm]

/** The algorithm by its name in a tool or file: `SHA256`, `sha-256`, OpenSSL's `SHA2-256`. `null`: none of these algorithms. */
export const toDigestAlgorithm = (word: string): DigestAlgorithm | null => {
  if (word.length > 16) return null
  const plain = word
    .toLowerCase()
    .replace(/^sha2-/, 'sha')
    .replace(/[-_]/, '')
  return DIGEST_ALGORITHMS.find((one) => one === plain) ?? null
}

/** The algorithm whose digests have this many hex digits; `null`: none. */
export const findAlgorithmByLength = (digits: number): DigestAlgorithm | null =>
  DIGEST_ALGORITHMS.find((one) => HEX_DIGITS[one] === digits) ?? null

/** Whether all characters are hex digits. */
export const isHex = (text: string): boolean => /^[0-9a-f]+$/i.test(text)
