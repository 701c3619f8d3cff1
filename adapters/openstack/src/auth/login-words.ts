import type { AuthMethod, DomainMemberRef, DomainRef, KeystoneAuth, OidcAuth, Scope } from '../options.ts'

const formatDomain = (ref: DomainRef): string => ('id' in ref ? ref.id : ref.name)

const formatMember = (ref: DomainMemberRef): string =>
  'id' in ref ? ref.id : `${ref.name} (domain ${formatDomain(ref.domain)})`

const methodWords = (auth: AuthMethod): string => {
  switch (auth.method) {
    case 'password':
      return `the password of user ${formatMember(auth.user)}`
    case 'token':
      return 'the token'
    case 'application_credential':
      return `the application credential ${'id' in auth.credential ? auth.credential.id : `${auth.credential.name} of user ${formatMember(auth.credential.user)}`}`
    case 'totp':
      return `the passcode of user ${formatMember(auth.user)}`
  }
}

const scopeWords = (scope: Scope | null): string => {
  switch (scope?.kind) {
    case undefined:
    case 'unscoped':
      return ''
    case 'project':
      return ` for project ${formatMember(scope.project)}`
    case 'domain':
      return ` for domain ${formatDomain(scope.domain)}`
    case 'system':
      return ' for the whole system'
    case 'trust':
      return ` by trust ${scope.id}`
  }
}

/** Describes the credentials and the scope of a login, without secrets. */
export const loginWords = (auth: KeystoneAuth | OidcAuth): string => {
  const shown =
    auth.kind === 'oidc'
      ? `the access token of ${auth.identityProvider} (${auth.protocol})`
      : auth.methods.map(methodWords).join(' and ')
  return `${shown}${scopeWords(auth.scope)}`
}

const METHOD_ADVICE: Readonly<Record<AuthMethod['method'], string>> = {
  password: 'check user, password, domains and project (Keystone does not report which is wrong)',
  token: 'get a new token: this one may have expired or been revoked',
  application_credential: 'check the ID and secret of the application credential, and that it has not expired',
  totp: 'use a new passcode: each is valid once, for 30 seconds',
}

/** The hint for a rejected login. */
export const loginAdvice = (auth: KeystoneAuth | OidcAuth): string => {
  const advice =
    auth.kind === 'oidc'
      ? ['get a new access token, and check identity provider, protocol and project']
      : [...new Set(auth.methods.map(({ method }) => METHOD_ADVICE[method]))]
  const text = advice.join('; ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
