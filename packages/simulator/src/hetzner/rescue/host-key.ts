import ssh2 from 'ssh2'

/** A new Ed25519 pair. One in 256 of those that ssh2 1.17 makes is no key (https://github.com/mscdex/ssh2/issues/1513); such a pair is left, and another made. */
export const newKeyPair = (): { readonly public: string; readonly private: string } => {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    if (![pair.public, pair.private].some((half) => ssh2.utils.parseKey(half) instanceof Error)) return pair
  }
}
