import { describe, expect, it } from '@jest/globals'
import { discoverIn, lab, WHOLE, listMessages } from './entries.ts'

const find = (body: string) => discoverIn({ files: { '/cwd/clouds.yaml': lab(body) } })
const readAuth = (body: string) => find(body).clouds[0]?.settings.auth

const URL_AND_USER = `auth_url: https://k/v3, username: u, user_domain_id: default`

describe('auth settings with a fault', () => {
  it.each<[string, string, string]>([
    ['no auth_url', 'auth: {username: u, password: p}', 'lab: missing auth_url'],
    ['no user', 'auth: {auth_url: https://k, password: p}', 'lab: missing username'],
    ['no password', `auth: {${URL_AND_USER}}`, 'lab: missing password'],
    ['nothing', 'auth: {}', 'lab: missing auth_url, username, password'],
    ['an invalid address', 'auth: {auth_url: k, username: u, password: p}', 'lab: auth_url is not a URL'],
    [
      'an address with a password',
      `auth: {auth_url: 'https://u:p@k/', username: u, password: p}`,
      'lab: auth_url contains a user or password, which is not supported',
    ],
    [
      'an address with a query',
      `auth: {auth_url: 'https://k/?token=t', username: u, password: p}`,
      'lab: auth_url contains a query or fragment',
    ],
    [
      'a password that YAML reads as a boolean',
      `auth: {${URL_AND_USER}, password: yes}`,
      'lab: auth.password is not text, but a boolean',
    ],
    [
      'no secret',
      `auth_type: v3applicationcredential\nauth: {auth_url: https://k, application_credential_id: i}`,
      'lab: missing application_credential_secret',
    ],
    [
      'no credential',
      `auth_type: v3applicationcredential\nauth: {auth_url: https://k, application_credential_secret: s}`,
      'lab: missing application_credential_id',
    ],
    [
      'an incomplete OIDC configuration',
      `auth_type: v3oidcaccesstoken\nauth: {auth_url: https://k, access_token: t}`,
      'lab: missing identity_provider, protocol',
    ],
    [
      'invalid methods',
      `auth_type: v3multifactor\nauth_methods: [v3password, magic]\n${WHOLE}`,
      'lab: unknown method in auth_methods',
    ],
    ['no methods', `auth_type: v3multifactor\n${WHOLE}`, 'lab: missing auth_methods'],
    // keystoneauth1/identity/v3/base.py: mutually exclusive; the SDK detects this only at the login.
    [
      'several scopes',
      `auth: {${URL_AND_USER}, password: p, project_id: x, trust_id: t}`,
      'lab: more than one scope is set: project, trust',
    ],
    [
      'an invalid system scope',
      `auth: {${URL_AND_USER}, password: p, system_scope: some}`,
      'lab: invalid system_scope',
    ],
    ['no catalog and no endpoint', 'auth_type: none', 'lab: no endpoint is set, and without login there is no catalog'],
    ['auth is not a mapping', 'auth: [1]', 'lab: auth is not a mapping'],
  ])('are reported: %s', (_, body, what) => {
    const found = find(body)
    expect(found.clouds).toEqual([])
    expect(listMessages(found)).toEqual([what])
  })

  it('suggest a missing auth_type in the hint, without applying it', () => {
    expect(
      find('auth: {auth_url: https://k, application_credential_id: i, application_credential_secret: s}').problems[0]
        ?.hint,
    ).toBe('To use the application credential, set auth_type to v3applicationcredential')
    expect(find('auth: {auth_url: https://k, token: t}').problems[0]?.hint).toBe(
      'To use the token, set auth_type to token',
    )
  })
})

describe('unsupported auth plugins', () => {
  it.each([
    'admin_token',
    'token_endpoint',
    'http_basic',
    'v2password',
    'v2token',
    'v3adfspassword',
    'v3kerberos',
    'v3oauth1',
    'v3oauth2clientcredential',
    'v3oidcauthcode',
    'v3oidcclientcredentials',
    'v3oidcdeviceauthz',
    'v3oidcpassword',
    'v3samlpassword',
    'v3tokenlessauth',
  ])('are named in the error: %s', (plugin) => {
    expect(listMessages(find(`auth_type: ${plugin}\n${WHOLE}`))).toEqual([
      `lab: imago does not support the auth plugin ${plugin}`,
    ])
  })

  it('are not quoted if unknown, because the value may be a misplaced secret', () => {
    expect(listMessages(find(`auth_type: hunter2\n${WHOLE}`))).toEqual(['lab: unknown auth_type'])
  })
})

describe('readAuth', () => {
  it('drops the scope of an application credential, because Keystone rejects it', () => {
    expect(
      readAuth(
        'auth_type: v3applicationcredential\nauth: {auth_url: https://k, application_credential_id: i, application_credential_secret: s, project_name: x}',
      ),
    ).toMatchObject({
      type: 'v3applicationcredential',
      scope: null,
      methods: [{ method: 'application_credential', credential: { id: 'i' } }],
    })
  })

  it.each<[string, string, unknown]>([
    [
      'comma-separated with v3multifactor',
      `auth_type: v3multifactor\nauth_methods: 'v3password, v3totp'\nauth: {${URL_AND_USER}, password: p, passcode: '000111'}`,
      ['password', 'totp'],
    ],
    [
      'in auth with v3multifactor',
      `auth_type: v3multifactor\nauth: {${URL_AND_USER}, password: p, auth_methods: [v3password]}`,
      ['password'],
    ],
  ])('reads auth_methods: %s', (_, body, methods) => {
    const auth = readAuth(body)
    expect(auth?.kind === 'keystone' ? auth.methods.map(({ method }) => method) : null).toEqual(methods)
  })

  it('accepts TOTP without a passcode', () => {
    expect(readAuth(`auth_type: v3totp\nauth: {${URL_AND_USER}}`)).toMatchObject({
      methods: [{ method: 'totp', passcode: null }],
    })
  })

  // osc_lib/cli/client_config.py, _auth_default_domain.
  it.each<[string, string]>([
    ['', 'default'],
    [', default_domain_id: d1', 'd1'],
    [', default_domain: d2', 'd2'],
  ])('with the settings "%s", uses domain %s for names without a domain', (more, domain) => {
    expect(readAuth(`auth: {auth_url: https://k, username: u, password: p, project_name: x${more}}`)).toMatchObject({
      methods: [{ user: { name: 'u', domain: { id: domain } } }],
      scope: { kind: 'project', project: { name: 'x', domain: { id: domain } } },
    })
  })
})
