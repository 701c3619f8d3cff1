import type { ExpectedDigest } from '../digests/expected-digest.ts'

/** A digest that the source's bytes have. */
export interface CheckedDigest {
  readonly algorithm: string
  /** In lower-case hex. */
  readonly value: string
  /** Of a digest that was given: the file that has it, and whether that is signed. */
  readonly from?: string | null
  readonly signature?: ExpectedDigest['signature']
}

/** What the bytes of the source are compared with, before the target keeps any of them. Says nothing of what the target holds: that is its verification. */
export interface SourceCheck {
  /** `given-digest`: with what the user says that the publisher says. `provider-digest`: with what the source's provider says. `not-checked`: with nothing. */
  readonly by: 'given-digest' | 'provider-digest' | 'not-checked'
  /** All of them were equal. */
  readonly digests: readonly CheckedDigest[]
}
