import type { Ssh2 } from './load-ssh2.ts'

/** In OpenSSH's text formats. */
export interface SshKeyPair {
  readonly public: string
  readonly private: string
}

/**
 * A new Ed25519 pair; the private half is nowhere but here. ssh2 1.17 drops the zeros that one public key in 256 begins with, and then neither
 * half is a key (https://github.com/mscdex/ssh2/issues/1513): such a pair is left, and another made.
 */
export const makeSshKey = ({ utils }: Ssh2, comment: string): SshKeyPair => {
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519', { comment })
    if (![pair.public, pair.private].some((half) => utils.parseKey(half) instanceof Error)) return pair
  }
}
