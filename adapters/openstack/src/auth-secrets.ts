import type { AuthMethod, OpenstackAuth } from './options.ts'

const methodSecret = <S>(auth: AuthMethod<S>): S | null => {
  switch (auth.method) {
    case 'password':
      return auth.password
    case 'token':
      return auth.token
    case 'application_credential':
      return auth.secret
    case 'totp':
      return auth.passcode
  }
}

/** The secrets of a login; no output may contain them. */
export const authSecrets = <S>(auth: OpenstackAuth<S>): readonly S[] => {
  switch (auth.kind) {
    case 'none':
      return []
    case 'oidc':
      return [auth.accessToken]
    case 'keystone':
      return auth.methods.map(methodSecret).filter((secret) => secret !== null)
  }
}
