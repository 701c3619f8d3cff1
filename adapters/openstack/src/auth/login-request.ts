import { revealSecret, type HttpRequest } from '@imago/http'
import type { AuthMethod, DomainMemberRef, OidcAuth, Scope } from '../options.ts'

// opendev.org/openstack/keystone: api-ref/source/v3/authenticate-v3.inc; keystone/auth/schema.py.

/** The methods of one login, and what its token shall be good for. */
export interface Proof {
  readonly methods: readonly AuthMethod[]
  readonly scope: Scope | null
}

/** Tells that some methods were proven already. */
export const RECEIPT_HEADER = 'openstack-auth-receipt'

const userAnd = (user: DomainMemberRef, secret: Readonly<Record<string, string>>): object => ({
  user: { ...user, ...secret },
})

/** What stands under the name of the method. A TOTP without a passcode has been refused by now. */
const toProof = (auth: AuthMethod): object => {
  switch (auth.method) {
    case 'password':
      return userAnd(auth.user, { password: revealSecret(auth.password) })
    case 'token':
      return { id: revealSecret(auth.token) }
    case 'application_credential':
      return { ...auth.credential, secret: revealSecret(auth.secret) }
    case 'totp':
      return userAnd(auth.user, auth.passcode === null ? {} : { passcode: revealSecret(auth.passcode) })
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

/** An application credential has its scope; Keystone refuses another beside it. */
const hasOwnScope = ({ methods }: Proof): boolean => methods.some(({ method }) => method === 'application_credential')

/**
 * POST /v3/auth/tokens, with the answer's catalog. A receipt stands for the methods that are not there.
 * To be asked twice does no harm, except to a passcode: that is good for once.
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

/** The token of a user of another identity provider: without scope (keystone: api-ref/source/v3-ext/federation/auth). */
export const federationRequest = ({ identityProvider, protocol, accessToken }: OidcAuth): HttpRequest => ({
  method: 'POST',
  url: `/OS-FEDERATION/identity_providers/${encodeURIComponent(identityProvider)}/protocols/${encodeURIComponent(protocol)}/auth`,
  headers: { authorization: `Bearer ${revealSecret(accessToken)}` },
  idempotent: true,
})
