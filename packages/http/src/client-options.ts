import type { HttpClientOptions } from './client.ts'
import type { Transport } from './axios-client.ts'

/** What every client of a cloud needs, whatever its API: how to send, who sends, and what to tell of it. An adapter takes one, and adds what is its provider's own. */
export interface ClientOptions extends Pick<
  HttpClientOptions,
  'userAgent' | 'timing' | 'timeoutMs' | 'onStall' | 'onPause' | 'log' | 'intercept' | 'masker'
> {
  /** Of `createTransport`. */
  readonly transport: Transport['client']
}

/** A secret as a caller holds it: as text, or as something that gives it only when asked and so prints nothing. */
export type SecretText = string | { readonly reveal: () => string }

/** The text of a secret, to be used at once. */
export const revealSecret = (secret: SecretText): string => (typeof secret === 'string' ? secret : secret.reveal())
