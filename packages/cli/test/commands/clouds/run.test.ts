import { describe, expect, it } from '@jest/globals'
import type { Environment } from '@imago/provider-kit'
import { schemas } from '@imago/schema-image'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { clouds } from '../../../src/commands/clouds/run.ts'
import type { CloudsOptions } from '../../../src/commands/clouds/options.ts'
import { createMemoryEnvironment } from '@imago/testkit'
import { discoverClouds, providers } from 'imago/clouds'
import { EXIT } from '../../../src/exit-code.ts'
import { memoryOutput } from '../../memory-output.ts'

const CLI_TOML = '/home/me/.config/hcloud/cli.toml'

const environment = (
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
  open: readonly string[] = [],
): Environment => createMemoryEnvironment({ files, variables, open })

const run = async (where: Environment, options: Partial<CloudsOptions> = {}) => {
  const [output, messages] = [memoryOutput(), memoryOutput()]
  const code = await clouds(
    [],
    { output: 'table', ...options },
    {
      providers,
      discovered: await discoverClouds(providers, where, { trustDirectory: options.trustDirectory === true }),
    },
    where,
    output,
    messages,
  )
  return { code, output: output.lines(), text: output.text(), messages: messages.lines() }
}

const contexts = (token: string): string => `active_context = "prod"\n[[contexts]]\nname = "prod"\ntoken = "${token}"\n`

const CLOUDS = `clouds:
  lab:
    auth: {auth_url: 'https://keystone.example/v3', username: demo, password: hunter2, project_name: web, user_domain_id: default}
    regions: [RegionOne, RegionTwo]
  ci:
    auth_type: v3applicationcredential
    auth: {auth_url: 'https://keystone.example/v3', application_credential_id: 6c5f, application_credential_secret: hunter2}
  ops:
    auth: {auth_url: 'https://keystone.example/v3', user_id: 5d2a, password: hunter2, system_scope: all}
  owner:
    auth: {auth_url: 'https://keystone.example/v3', user_id: 5d2a, password: hunter2, domain_name: Acme}
  delegate:
    auth: {auth_url: 'https://keystone.example/v3', user_id: 5d2a, password: hunter2, trust_id: 9f}
  session:
    auth_type: token
    auth: {auth_url: 'https://keystone.example/v3', token: hunter2, project_id: 77aa}
  federated:
    auth_type: v3oidcaccesstoken
    auth: {auth_url: 'https://keystone.example/v3', identity_provider: i, protocol: openid, access_token: hunter2}
  alone: {auth_type: none, image_endpoint_override: 'http://127.0.0.1:9292'}
`

const ENV = { OS_AUTH_URL: 'https://e', OS_USERNAME: 'u', OS_PASSWORD: 'hunter2', OS_PROJECT_ID: 'x', HCLOUD_TOKEN: '' }
const everything = environment({ [CLI_TOML]: contexts('hunter2'), '/cwd/clouds.yaml': CLOUDS }, ENV)

describe('imago clouds', () => {
  it('prints a row for each region of each cloud', async () => {
    expect(await run(everything)).toMatchObject({
      code: EXIT.done,
      messages: [],
      output: [
        'CLOUD      PROVIDER   REGION     DEFAULT  URL                           USER             PROJECT      AUTH                     FROM',
        'prod       hetzner    -          yes      https://api.hetzner.cloud/v1  -                -            token                    ~/.config/hcloud/cli.toml',
        'lab        openstack  RegionOne  -        https://keystone.example/v3   demo             web          password                 clouds.yaml',
        'lab        openstack  RegionTwo  -        https://keystone.example/v3   demo             web          password                 clouds.yaml',
        'ci         openstack  -          -        https://keystone.example/v3   credential 6c5f  -            v3applicationcredential  clouds.yaml',
        'ops        openstack  -          -        https://keystone.example/v3   5d2a             system       password                 clouds.yaml',
        'owner      openstack  -          -        https://keystone.example/v3   5d2a             domain Acme  password                 clouds.yaml',
        'delegate   openstack  -          -        https://keystone.example/v3   5d2a             trust 9f     password                 clouds.yaml',
        'session    openstack  -          -        https://keystone.example/v3   -                77aa         token                    clouds.yaml',
        'federated  openstack  -          -        https://keystone.example/v3   -                -            v3oidcaccesstoken        clouds.yaml',
        'alone      openstack  -          -        http://127.0.0.1:9292         -                -            none                     clouds.yaml',
        'envvars    openstack  -          yes      https://e                     u                x            password                 OS_AUTH_URL, OS_PASSWORD, 2 more',
      ],
    })
  })

  it('prints JSON', async () => {
    const { code, text } = await run(everything, { output: 'json' })
    const document = JSON.parse(text) as { readonly $schema: string; readonly clouds: readonly unknown[] }
    expect(code).toBe(EXIT.done)
    expect(document).toMatchObject({ $schema: 'urn:imago:schema:clouds:1', problems: [], warnings: [] })
    expect(document.clouds).toHaveLength(11)
    expect(document.clouds[1]).toEqual({
      provider: 'openstack',
      name: 'lab',
      region: 'RegionOne',
      isDefault: false,
      url: 'https://keystone.example/v3',
      user: 'demo',
      project: 'web',
      auth: 'password',
      origin: [{ file: '/cwd/clouds.yaml' }],
    })
    expect(document.clouds.at(-1)).toMatchObject({
      origin: ['OS_AUTH_URL', 'OS_PASSWORD', 'OS_PROJECT_ID', 'OS_USERNAME'].map((variable) => ({ variable })),
    })
  })

  it('reports an invalid cloud on standard error, lists the others, and ends with 1', async () => {
    const where = environment(
      { [CLI_TOML]: contexts(''), '/cwd/clouds.yaml': `${CLOUDS}  bad: {auth_type: v3kerberos}\n` },
      {},
      ['/cwd/clouds.yaml'],
    )
    const { code, output, messages } = await run(where)
    expect(code).toBe(EXIT.error)
    expect(output).toHaveLength(10)
    expect(messages).toEqual([
      'imago: hetzner/prod: configuration: the context has no token. Run hcloud context create again',
      'imago: openstack/bad: configuration: imago does not support the auth plugin v3kerberos. Use an application credential (openstack application credential create), or set auth_type to one of: password, token, v3applicationcredential, v3totp, v3multifactor, v3oidcaccesstoken, none',
      'imago: warning: openstack: configuration: clouds.yaml contains secrets, and other users can read it. Run chmod 600 clouds.yaml',
    ])
  })

  it('reports that no cloud is configured', async () => {
    expect(await run(environment({}))).toEqual({
      code: EXIT.done,
      output: [],
      text: '',
      messages: [
        'imago: no cloud is configured (checked: hcloud context, HCLOUD_TOKEN, clouds.yaml, OS_AUTH_URL). Configure one, or start local ones with: imago simulate',
      ],
    })
  })

  it('reads the working directory only with --trust-directory', async () => {
    const files = {
      '/cwd/clouds.yaml': `clouds: {lab: {auth: {auth_url: 'https://k', username: u}}}`,
      '/etc/openstack/secure.yaml': 'clouds: {lab: {auth: {password: hunter2}}}',
    }
    expect((await run(environment(files))).code).toBe(EXIT.error)
    expect(await run(environment(files), { trustDirectory: true })).toMatchObject({ code: EXIT.done, messages: [] })
  })

  it('escapes control characters in names', async () => {
    const { output } = await run(environment({ [CLI_TOML]: contexts('t').replaceAll('"prod"', '"\\u001b[31mred"') }))
    expect(output[1]).toMatch(/^\\x1b\[31mred /)
  })

  it('prints documents of its schema', async () => {
    const validate = new Ajv2020({ strict: true }).compile(schemas.clouds)
    const broken = environment(
      { [CLI_TOML]: contexts(''), '/cwd/clouds.yaml': 'clouds: {x: {}}' },
      { HCLOUD_TOKEN_FILE: '/t' },
    )
    for (const where of [everything, broken, environment({})]) {
      const { text } = await run(where, { output: 'json' })
      expect(validate(JSON.parse(text))).toBe(true)
      expect(validate.errors).toBeNull()
    }
  })

  it('prints no secrets', async () => {
    const secret = fc.stringMatching(/^Zq[A-Za-z0-9!%*_+~-]{10,40}$/)
    await fc.assert(
      fc.asyncProperty(secret, fc.constantFrom('table', 'json'), async (word, format) => {
        const files = {
          [CLI_TOML]: contexts(word),
          '/cwd/clouds.yaml': `${CLOUDS.replaceAll('hunter2', `"${word}"`)}  bad: {auth: {auth_url: "https://u:${word}@k", password: "${word}"}}\n  worse: {auth: "${word}"}\n`,
        }
        const { text, messages } = await run(environment(files, { ...ENV, OS_PASSWORD: word }), { output: format })
        expect(text.length).toBeGreaterThan(500)
        expect([text, ...messages].join('\n')).not.toContain(word)
      }),
      { numRuns: 30 },
    )
  })
})
