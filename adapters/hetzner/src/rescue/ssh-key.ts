import type { Ssh2 } from './load-ssh2.ts'

/** In OpenSSH's text formats. */
export interface SshKeyPair {
  readonly public: string
  readonly private: string
}

/**
 * Creates an Ed25519 pair, whose private half never leaves this process. ssh2 1.17 drops the leading zero byte of one public key in 256, which makes
 * the pair unusable (https://github.com/mscdex/ssh2/issues/1513): such a pair is replaced.
 */
export const generateSshKey = ({ utils }: Ssh2, comment: string): SshKeyPair => {
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519', { comment })
    if (![pair.public, pair.private].some((half) => utils.parseKey(half) instanceof Error)) return pair
  }
}
