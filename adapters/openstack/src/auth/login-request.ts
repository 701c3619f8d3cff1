import { revealSecret, type HttpRequest } from '@imago/http'
import type { AuthMethod, DomainMemberRef, OidcAuth, Scope } from '../options.ts'

// opendev.org/openstack/keystone: api-ref/source/v3/authenticate-v3.inc; keystone/auth/schema.py.

/** The auth methods and the scope of a login. */
export interface Proof {
  readonly methods: readonly AuthMethod[]
  readonly scope: Scope | null
}

/** Header with the receipt for auth methods that Keystone has already verified. */
export const RECEIPT_HEADER = 'openstack-auth-receipt'

const toUserProof = (user: DomainMemberRef, secret: Readonly<Record<string, string>>): object => ({
  user: { ...user, ...secret },
})

/** The request body's value for one method. TOTP without a passcode has been rejected earlier. */
const toProof = (auth: AuthMethod): object => {
  switch (auth.method) {
    case 'password':
      return toUserProof(auth.user, { password: revealSecret(auth.password) })
    case 'token':
      return { id: revealSecret(auth.token) }
    case 'application_credential':
      return { ...auth.credential, secret: revealSecret(auth.secret) }
    case 'totp':
      return toUserProof(auth.user, auth.passcode === null ? {} : { passcode: revealSecret(auth.passcode) })
  }
}

const toScope = (scope: Scope): unknown => {
  switch (scope.kind) {
    case 'project':
      return { project: scope.project }
    case 'domain':
      return { domain: scope.domain }
    case 'system':
      return { system: { all: true } }
    case 'trust':
      return { 'OS-TRUST:trust': { id: scope.id } }
    case 'unscoped':
      return 'unscoped'
  }
}

/** An application credential has a fixed scope; Keystone rejects an explicit one. */
const hasOwnScope = ({ methods }: Proof): boolean => methods.some(({ method }) => method === 'application_credential')

/**
 * POST /v3/auth/tokens, including the catalog. A receipt replaces methods that are already verified.
 * The request can be retried safely, except with a TOTP passcode, which is valid once.
 */
export const tokenRequest = (proof: Proof, receipt: string | null): HttpRequest => ({
  method: 'POST',
  url: '/auth/tokens',
  headers: receipt === null ? {} : { [RECEIPT_HEADER]: receipt },
  body: {
    kind: 'json',
    value: {
      auth: {
        identity: {
          methods: proof.methods.map(({ method }) => method),
          ...Object.fromEntries(proof.methods.map((auth) => [auth.method, toProof(auth)])),
        },
        ...(proof.scope === null || hasOwnScope(proof) ? {} : { scope: toScope(proof.scope) }),
      },
    },
  },
  idempotent: proof.methods.every(({ method }) => method !== 'totp'),
})

/** Requests an unscoped token with an OIDC access token (keystone: api-ref/source/v3-ext/federation/auth). */
export const federationRequest = ({ identityProvider, protocol, accessToken }: OidcAuth): HttpRequest => ({
  method: 'POST',
  url: `/OS-FEDERATION/identity_providers/${encodeURIComponent(identityProvider)}/protocols/${encodeURIComponent(protocol)}/auth`,
  headers: { authorization: `Bearer ${revealSecret(accessToken)}` },
  idempotent: true,
})
