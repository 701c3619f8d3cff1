import { describe, expect, test } from '@jest/globals'
import { formatError } from '@imago/core'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { inspect } from 'node:util'
import { createMemoryEnvironment, type MemoryEnvironment } from '@imago/testkit'
import { chooseClouds } from '../src/choose-clouds.ts'
import { discoverClouds } from '../src/discover-clouds.ts'
import { providers } from '../src/providers.ts'

/** A pattern that occurs nowhere else in the output. */
const secret = fc.stringMatching(/^Zq[A-Za-z0-9!%*_+~-]{10,40}$/)

const CLI_TOML = '/home/me/.config/hcloud/cli.toml'
const FULL = (s: string): string => `auth_url: https://k/v3, username: u, project_id: x, password: "${s}"`

/** Every place where a secret may be configured, correctly or not. */
const places: readonly ((s: string) => MemoryEnvironment)[] = [
  (s) => ({ files: { [CLI_TOML]: `active_context = "a"\n[[contexts]]\nname = "a"\ntoken = "${s}"\n` } }),
  (s) => ({ files: { [CLI_TOML]: `[[contexts]]\nname = "a"\ntoken = ["${s}"]\n` } }),
  (s) => ({ files: { [CLI_TOML]: `[[contexts]]\nname = "a"\ntoken = "${s} "\n` } }),
  (s) => ({ files: { [CLI_TOML]: `[[contexts]]\nname = "a"\ntoken = ${s}\n` } }),
  (s) => ({ files: { [CLI_TOML]: `contexts = "${s}"\n` } }),
  (s) => ({
    files: {
      [CLI_TOML]: `[[contexts]]\nname = "a"\ntoken = "t"\n[contexts.preferences]\nendpoint = "https://u:${s}@h/"\n`,
    },
  }),
  (s) => ({ files: { [CLI_TOML]: `[[contexts]]\nname = "a"\ntoken_command = "echo ${s}"\n` } }),
  (s) => ({ variables: { HCLOUD_TOKEN: s } }),
  (s) => ({ variables: { HCLOUD_TOKEN: `${s}\n` } }),
  (s) => ({ variables: { HCLOUD_TOKEN: 't', HCLOUD_ENDPOINT: `https://h/?token=${encodeURIComponent(s)}#${s}` } }),
  (s) => ({ variables: { OS_AUTH_URL: 'https://e', OS_USERNAME: 'u', OS_PASSWORD: s, OS_TOKEN: s } }),
  (s) => ({ variables: { OS_PASSWORD: s } }),
  (s) => ({ variables: { OS_CLOUD: 'lab', OS_PASSWORD: s } }),
  ...[
    (s: string) => `{auth: {${FULL(s)}}}`,
    (s: string) => `{password: "${s}", auth: {auth_url: https://k/v3, username: u}}`,
    (s: string) => `{auth: {${FULL('p')}, passcode: "${s}", token: "${s}"}}`,
    (s: string) => `{auth_type: token, auth: {auth_url: https://k, auth-token: "${s}"}}`,
    (s: string) =>
      `{auth_type: v3applicationcredential, auth: {auth_url: https://k, application_credential_id: i, application_credential_secret: "${s}"}}`,
    (s: string) => `{auth_type: v3totp, passcode: "${s}", auth: {auth_url: https://k, username: u}}`,
    (s: string) =>
      `{auth_type: v3multifactor, auth_methods: [v3password, v3totp], auth: {${FULL(s)}, passcode: "${s}"}}`,
    (s: string) =>
      `{auth_type: v3oidcaccesstoken, auth: {auth_url: https://k, identity_provider: i, protocol: p, access_token: "${s}"}}`,
    (s: string) => `{auth_type: v2password, auth: {${FULL(s)}}}`,
    (s: string) => `{auth_type: "${s}", auth: {${FULL('p')}}}`,
    (s: string) => `{auth: {auth_url: "https://u:${s}@k", username: u, password: p}}`,
    (s: string) => `{auth: {auth_url: "https://k/{password}", username: u}, password: "${s}"}`,
    (s: string) => `{auth: {auth_url: "https://k/{${s}}", username: u, password: p}}`,
    (s: string) => `{auth: {auth_url: "${s}", username: u, password: p}}`,
    (s: string) => `{auth: {auth_url: https://k, username: u, password: ["${s}"]}}`,
    (s: string) => `{auth: "${s}"}`,
    (s: string) => `"${s}"`,
    (s: string) => `{auth: {${FULL('p')}}, image_endpoint_override: "https://${s}:x@h"}`,
    (s: string) => `{auth: {${FULL('p')}}, api_timeout: "${s}", image_status_code_retries: "${s}"}`,
    (s: string) => `{auth: {${FULL('p')}}, regions: [{name: A, token: "${s}"}]}`,
    (s: string) => `{auth: {${FULL('p')}}, regions: [{name: A, values: {auth: {password: "${s}"}}}]}`,
    (s: string) =>
      `{auth: {auth_url: https://k, username: u}, regions: [{name: A, values: {auth: {password: "${s}"}}}, B]}`,
    (s: string) => `{profile: "https://u:${s}@h", auth: {username: u, password: p}}`,
    (s: string) => `{auth: {${FULL(s)}, no_such_key: "${s}"}, no_such_key: "${s}", secret: {token: "${s}"}}`,
    (s: string) => `{auth: {password: "${s}", x: [}}`,
    (s: string) => `{auth: {password: *${s}}}`,
    (s: string) => `{auth: {password: !${s} x}}`,
  ].flatMap((entry): readonly ((s: string) => MemoryEnvironment)[] => [
    (s) => ({ files: { '/cwd/clouds.yaml': `clouds:\n  lab: ${entry(s)}\n` } }),
    (s) => ({
      files: {
        '/cwd/clouds.yaml': `clouds: {lab: {auth: {username: u}}}\n`,
        '/cwd/secure.yaml': `clouds:\n  lab: ${entry(s)}\n`,
      },
    }),
    (s) => ({
      files: {
        '/cwd/clouds.yaml': `clouds: {lab: {auth: {username: u}}}\n`,
        '/etc/openstack/secure.yaml': `clouds:\n  lab: ${entry(s)}\n`,
      },
    }),
    (s) => ({
      files: {
        '/cwd/clouds.yaml': `clouds: {lab: {profile: p, auth: {username: u}}}\n`,
        '/cwd/clouds-public.yaml': `public-clouds:\n  p: ${entry(s)}\n`,
      },
    }),
  ]),
  (s) => ({ files: { '/cwd/clouds.json': `{"clouds": {"lab": {"auth": {"password": "${s}"` } }),
]

describe('secrets in values that imago returns', () => {
  test('no printed form contains a secret, wherever it is configured', async () => {
    await fc.assert(
      fc.asyncProperty(secret, fc.boolean(), async (word, trustDirectory) => {
        for (const [index, place] of places.entries()) {
          const environment = createMemoryEnvironment({
            ...place(word),
            open: [CLI_TOML, '/cwd/clouds.yaml', '/cwd/secure.yaml'],
          })
          const found = await discoverClouds(providers, environment, { trustDirectory })
          const chosen = ['lab', 'envvars', 'a', 'gone'].map((name) => chooseClouds(found, providers, name))
          const printed = [
            JSON.stringify(found),
            inspect(found, { depth: Infinity, showHidden: true }),
            inspect(found, { depth: Infinity, customInspect: false, showHidden: true }),
            ...[...found.problems, ...found.warnings].map(formatError),
            ...chosen.map((one) => (E.isLeft(one) ? formatError(one.left) : inspect(one.right, { depth: Infinity }))),
          ].join('\n')
          expect({ index, leaks: printed.includes(word) || printed.includes(encodeURIComponent(word)) }).toEqual({
            index,
            leaks: false,
          })
        }
      }),
      { numRuns: 5 },
    )
  })

  test('most of these places have an effect: a cloud or a problem is found', async () => {
    const all = await Promise.all(
      places.map((place) =>
        discoverClouds(providers, createMemoryEnvironment(place('Zq0123456789')), { trustDirectory: true }),
      ),
    )
    expect(all.filter(({ clouds, problems }) => clouds.length + problems.length === 0)).toEqual([])
    expect(all.filter(({ clouds }) => clouds.length > 0).length).toBeGreaterThan(30)
  })
})
