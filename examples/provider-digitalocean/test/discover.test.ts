import { describe, expect, it } from '@jest/globals'
import { formatError } from '@imago/core/provider'
import { createMemoryEnvironment } from '@imago/testkit'
import { provider } from '../src/provider.ts'

const FILE = '/home/me/.config/doctl/config.yaml'
const config = [
  'access-token: dop_v1_first',
  'context: staging',
  'auth-contexts:',
  '  default: "true"',
  '  staging: dop_v1_second',
  '  Old: ""',
].join('\n')

const found = async (environment: Parameters<typeof createMemoryEnvironment>[0]) => {
  const { clouds, problems, unreadable, warnings } = await provider.discover(createMemoryEnvironment(environment), {
    trustDirectory: false,
  })
  return {
    clouds: clouds.map(({ name, isDefault, settings }) => [
      name,
      isDefault,
      settings.endpoint,
      settings.token.reveal(),
    ]),
    problems: problems.map((problem) => formatError(problem)),
    unreadable: unreadable.length,
    warnings: warnings.map((warning) => formatError(warning)),
  }
}

const API = 'https://api.digitalocean.com'

describe('discover', () => {
  it('finds nothing where nothing is configured', async () => {
    expect(await found({})).toEqual({ clouds: [], problems: [], unreadable: 0, warnings: [] })
  })

  it('finds the contexts of doctl, and its active one', async () => {
    const { clouds, problems } = await found({ files: { [FILE]: config } })
    expect(clouds).toEqual([
      ['default', false, API, 'dop_v1_first'],
      ['staging', true, API, 'dop_v1_second'],
    ])
    expect(problems).toEqual([expect.stringContaining('digitalocean/old: configuration: the context has no token')])
  })

  it.each(['DIGITALOCEAN_ACCESS_TOKEN', 'DIGITALOCEAN_TOKEN'])('finds the account of %s', async (variable) => {
    const { clouds } = await found({ variables: { [variable]: 'dop_v1_env' } })
    expect(clouds).toEqual([['envvars', true, API, 'dop_v1_env']])
  })

  it('prefers the variable of doctl to that of Terraform', async () => {
    expect(
      (await found({ variables: { DIGITALOCEAN_ACCESS_TOKEN: 'one', DIGITALOCEAN_TOKEN: 'two' } })).clouds,
    ).toEqual([['envvars', true, API, 'one']])
  })

  it('sends the tokens of contexts to no address that belongs to another token', async () => {
    const variables = {
      DIGITALOCEAN_ACCESS_TOKEN: 'env',
      DIGITALOCEAN_API_URL: 'http://127.0.0.1:9/',
      DIGITALOCEAN_CONTEXT: 'default',
    }
    expect((await found({ files: { [FILE]: config }, variables })).clouds).toEqual([
      ['default', false, API, 'dop_v1_first'],
      ['staging', false, API, 'dop_v1_second'],
      ['envvars', true, 'http://127.0.0.1:9', 'env'],
    ])
  })

  it('takes the address of the file for its contexts', async () => {
    expect((await found({ files: { [FILE]: 'access-token: a\napi-url: https://do.test/' } })).clouds).toEqual([
      ['default', true, 'https://do.test', 'a'],
    ])
  })

  it.each([
    ['darwin', '/home/me/Library/Application Support/doctl/config.yaml', {}],
    ['linux', '/xdg/doctl/config.yaml', { XDG_CONFIG_HOME: '/xdg' }],
    ['linux', '/elsewhere.yaml', { DIGITALOCEAN_CONFIG: '/elsewhere.yaml' }],
  ])('looks on %s at %s', async (platform, file, variables) => {
    expect((await found({ platform, files: { [file]: 'access-token: a' }, variables })).clouds).toEqual([
      ['default', true, API, 'a'],
    ])
  })

  it('reports a file that is not YAML without repeating its text', async () => {
    const { clouds, problems, unreadable } = await found({ files: { [FILE]: 'access-token: [dop_v1_secret' } })
    expect({ clouds, unreadable }).toEqual({ clouds: [], unreadable: 1 })
    expect(problems).toEqual([
      'digitalocean: configuration: cannot read ~/.config/doctl/config.yaml: not in the format of doctl. Correct the file, or run doctl auth init',
    ])
  })

  it('reports a file that other users can read, a token with a space, a URL with a password and a missing file', async () => {
    expect((await found({ files: { [FILE]: 'access-token: a' }, open: [FILE] })).warnings).toEqual([
      expect.stringContaining('other users can read it'),
    ])
    expect((await found({ variables: { DIGITALOCEAN_TOKEN: 'a b' } })).problems).toEqual([
      expect.stringContaining('the token contains characters'),
    ])
    expect(
      (await found({ variables: { DIGITALOCEAN_TOKEN: 'a', DIGITALOCEAN_API_URL: 'https://me:pw@do.test' } })).problems,
    ).toEqual([expect.stringContaining('DIGITALOCEAN_API_URL contains a user')])
    expect((await found({ variables: { DIGITALOCEAN_CONFIG: '/no.yaml' } })).problems).toEqual([
      expect.stringContaining('file not found'),
    ])
  })

  it('reads a file whose keys are empty', async () => {
    expect(await found({ files: { [FILE]: 'access-token: a\napi-url:\ncontext: ""\nauth-contexts:\n' } })).toEqual({
      clouds: [['default', true, API, 'a']],
      problems: [],
      unreadable: 0,
      warnings: [],
    })
    expect((await found({ files: { [FILE]: '' } })).clouds).toEqual([])
  })

  it('reports contexts whose names differ in case only, and an active one that is not there', async () => {
    const { clouds, problems, warnings } = await found({
      files: { [FILE]: 'context: gone\nauth-contexts: { Work: a, work: b }' },
    })
    expect(clouds).toEqual([['work', false, API, 'a']])
    expect(problems).toEqual([expect.stringContaining('several contexts have this name')])
    expect(warnings).toEqual([expect.stringContaining('context not found: gone')])
  })

  it('prints no token', async () => {
    const { clouds } = await provider.discover(createMemoryEnvironment({ files: { [FILE]: config } }), {
      trustDirectory: false,
    })
    expect(JSON.stringify(clouds)).not.toContain('dop_v1')
  })
})
