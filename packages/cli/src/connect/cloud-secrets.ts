import type { AuthMethod, Cloud, OpenstackAuth, Secret } from '@imago/config'

const ofMethod = (auth: AuthMethod): Secret | null => {
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

const ofAuth = (auth: OpenstackAuth): readonly (Secret | null)[] => {
  switch (auth.kind) {
    case 'none':
      return []
    case 'oidc':
      return [auth.accessToken]
    case 'keystone':
      return auth.methods.map(ofMethod)
  }
}

/** All that lets anyone into a cloud, as it is configured. */
export const secretsOfCloud = (cloud: Cloud): readonly string[] => {
  const secrets = cloud.provider === 'hetzner' ? [cloud.token] : cloud.regions.flatMap(({ auth }) => ofAuth(auth))
  return secrets.flatMap((secret) => (secret === null ? [] : [secret.reveal()]))
}
