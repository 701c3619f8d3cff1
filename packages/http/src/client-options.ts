import type { HttpClientOptions } from './client.ts'
import type { Transport } from './transport.ts'

/** Options of clients that do not depend on the API. An adapter adds those of its provider. */
export interface ClientOptions extends Pick<
  HttpClientOptions,
  'userAgent' | 'timing' | 'timeoutMs' | 'onStall' | 'onPause' | 'log' | 'intercept' | 'masker'
> {
  /** The `client` of a transport: see `createTransport`. */
  readonly transport: Transport['client']
}

/** A secret: text, or an object that reveals it on request, so that it is not printed by accident. */
export type SecretText = string | { readonly reveal: () => string }

/** The text of a secret. Do not store it. */
export const revealSecret = (secret: SecretText): string => (typeof secret === 'string' ? secret : secret.reveal())
