import { createHash } from 'node:crypto'
import { toInstant, type Era } from './era.ts'
import type { Labels } from './labels.ts'

export interface StoredSshKey {
  readonly id: number
  readonly name: string
  readonly publicKey: string
  readonly fingerprint: string
  readonly labels: Labels
  /** Milliseconds since 1970. */
  readonly created: number
}

/** Returns the MD5 of the key's bytes in pairs, as printed by ssh-keygen -E md5; null if the text is not an OpenSSH public key. */
export const computeFingerprint = (publicKey: string): string | null => {
  const [algorithm = '', encoded = ''] = publicKey.trim().split(/\s+/)
  const bytes = Buffer.from(encoded, 'base64')
  // The bytes begin with the length and name of the algorithm.
  if (
    bytes.length < 4 + algorithm.length ||
    bytes.readUInt32BE(0) !== algorithm.length ||
    bytes.toString('latin1', 4, 4 + algorithm.length) !== algorithm
  )
    return null
  return createHash('md5').update(bytes).digest('hex').match(/../g)?.join(':') ?? null
}

/** https://docs.hetzner.cloud/reference/cloud#tag/ssh-keys */
export const toWireSshKey = (
  { id, name, fingerprint, publicKey, labels, created }: StoredSshKey,
  era: Era,
): unknown => ({
  id,
  name,
  fingerprint,
  public_key: publicKey,
  labels,
  created: toInstant(created, era),
})
