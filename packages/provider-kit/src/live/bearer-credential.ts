import { revealSecret, type Credential, type SecretText } from '@imago/http'
import * as TE from 'fp-ts/lib/TaskEither.js'

const readOrigin = (endpoint: string): string | null => (URL.canParse(endpoint) ? new URL(endpoint).origin : null)

/** Sends a fixed token in the header `Authorization`, only to the endpoint's origin. The secret is revealed only when a request is sent. */
export const bearerCredential = (endpoint: string, token: SecretText): Credential => {
  const home = readOrigin(endpoint)
  return {
    belongsTo: (origin) => origin === home,
    token: () => TE.fromIO(() => ({ headers: { authorization: `Bearer ${revealSecret(token)}` }, expiresAtMs: null })),
    renew: null,
  }
}
