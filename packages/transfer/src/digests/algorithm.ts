/** The algorithms in which publishers of images give digests, the strongest first. */
export const DIGEST_ALGORITHMS = ['sha512', 'sha384', 'sha256', 'sha224', 'sha1', 'md5'] as const
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number]

/** Hex digits of a digest. */
const HEX_DIGITS: Readonly<Record<DigestAlgorithm, number>> = { sha512: 128, sha384: 96, sha256: 64, sha224: 56, sha1: 40, md5: 32 }

/** For these, somebody can make two files with the same digest. They still reveal accidents. */
const WEAK: ReadonlySet<DigestAlgorithm> = new Set(['sha1', 'md5'])

export const isWeak = (algorithm: DigestAlgorithm): boolean => WEAK.has(algorithm)

export const countHexDigits = (algorithm: DigestAlgorithm): number => HEX_DIGITS[algorithm]

/** The algorithm that a tool or a file names: `SHA256`, `sha-256`, OpenSSL's `SHA2-256`. `null`: it is none of those above. */
export const toDigestAlgorithm = (word: string): DigestAlgorithm | null => {
  if (word.length > 16) return null
  const plain = word.toLowerCase().replace(/^sha2-/, 'sha').replace(/[-_]/, '')
  return DIGEST_ALGORITHMS.find((one) => one === plain) ?? null
}

/** The algorithm whose digests are that long, where nothing else names one. */
export const findAlgorithmByLength = (digits: number): DigestAlgorithm | null => DIGEST_ALGORITHMS.find((one) => HEX_DIGITS[one] === digits) ?? null

export const isHex = (text: string): boolean => /^[0-9a-f]+$/i.test(text)
