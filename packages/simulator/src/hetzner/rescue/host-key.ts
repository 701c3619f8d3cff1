import ssh2 from 'ssh2'

/** Generates an Ed25519 key pair. One in 256 pairs of ssh2 1.17 is invalid (https://github.com/mscdex/ssh2/issues/1513) and is generated again. */
export const newKeyPair = (): { readonly public: string; readonly private: string } => {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    if (![pair.public, pair.private].some((half) => ssh2.utils.parseKey(half) instanceof Error)) return pair
  }
}
