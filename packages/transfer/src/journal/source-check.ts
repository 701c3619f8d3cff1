import type { ExpectedDigest } from '../digests/expected-digest.ts'

/** A digest that the bytes of the source have. */
export interface CheckedDigest {
  readonly algorithm: string
  /** In lower-case hex. */
  readonly value: string
  /** The digest file that states it, and whether that is signed. */
  readonly from?: string | null
  readonly signature?: ExpectedDigest['signature']
}

/** How the bytes of the source were verified before the target had all of them. The verification of the target is separate. */
export interface SourceCheck {
  /** `given-digest`: digests that the user gave; `provider-digest`: a digest of the source's provider; `not-checked`: nothing. */
  readonly by: 'given-digest' | 'provider-digest' | 'not-checked'
  /** All of them matched. */
  readonly digests: readonly CheckedDigest[]
}
