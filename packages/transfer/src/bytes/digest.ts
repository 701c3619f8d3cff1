import { createHash, getHashes, type Hash } from 'node:crypto'

/** Names as Python's hashlib spells them (Glance takes its algorithm from there), where OpenSSL spells them otherwise. */
const OPENSSL_NAMES: Readonly<Record<string, string>> = {
  blake2b: 'blake2b512',
  blake2s: 'blake2s256',
  sha3_224: 'sha3-224',
  sha3_256: 'sha3-256',
  sha3_384: 'sha3-384',
  sha3_512: 'sha3-512',
}

/** The name for `createHash`. */
export const toOpensslName = (algorithm: string): string =>
  Object.hasOwn(OPENSSL_NAMES, algorithm) ? (OPENSSL_NAMES[algorithm] ?? algorithm) : algorithm

/** Extendable-output functions have no fixed length. */
const isExtendable = (name: string): boolean => name.startsWith('shake')

/** Whether digests of this algorithm can be computed here. Names are OpenSSL's or hashlib's: `sha512`. */
export const isKnownDigest = (algorithm: string): boolean => {
  const name = toOpensslName(algorithm)
  return getHashes().includes(name) && !isExtendable(name)
}

/** Throws `TypeError` if the algorithm is not supported: see `isKnownDigest`. */
export const createHasher = (algorithm: string): Hash => {
  if (!isKnownDigest(algorithm)) throw new TypeError(`unsupported digest algorithm: ${algorithm}`)
  return createHash(toOpensslName(algorithm))
}
