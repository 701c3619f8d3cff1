import { describe, expect, it } from '@jest/globals'
import { createMemoryEnvironment, type MemoryEnvironment } from '@imago/testkit'
import { discover } from '../../src/config/discover.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)
const CLI_TOML = '/home/me/.config/hcloud/cli.toml'

const TWO = `
active_context = "prod"
[[contexts]]
  name = "prod"
  token = "${A}"
[[contexts]]
  name = "test"
  token = "${B}"
`

const find = (files: MemoryEnvironment['files'], rest: MemoryEnvironment = {}) =>
  discover(createMemoryEnvironment({ files: files ?? {}, ...rest }))
const short = (found: ReturnType<typeof find>) =>
  found.clouds.map(({ name, isDefault, settings: { token, endpoint } }) => [
    name,
    token.reveal()[0],
    endpoint,
    isDefault,
  ])

const API = 'https://api.hetzner.cloud/v1'

describe('discovery of Hetzner projects', () => {
  it('discover returns every context, with the active one as the default', () => {
    const found = find({ [CLI_TOML]: TWO })
    expect(short(found)).toEqual([
      ['prod', 'a', API, true],
      ['test', 'b', API, false],
    ])
    expect(found.clouds[0]).toMatchObject({ provider: 'hetzner', region: null, origin: [{ file: CLI_TOML }] })
    expect(found.problems).toEqual([])
    expect(found.warnings).toEqual([])
  })

  it('discover returns nothing without configuration', () => {
    expect(find({})).toEqual({ clouds: [], problems: [], unreadable: [], warnings: [], ignored: [] })
  })

  it('discover reads the rescue settings from variables of imago', () => {
    const readRescue = (variables: Record<string, string>) => {
      const found = find({ [CLI_TOML]: TWO }, { variables })
      return [found.clouds.map(({ settings: { rescue } }) => rescue), found.warnings.map(({ what }) => what)]
    }
    const unset = { location: null, serverType: null, sshPort: null }
    expect(readRescue({})).toEqual([[unset, unset], []])
    const given = { location: 'hel1', serverType: 'cax11', sshPort: 2222 }
    expect(
      readRescue({ IMAGO_RESCUE_LOCATION: 'hel1', IMAGO_RESCUE_SERVER_TYPE: 'cax11', IMAGO_RESCUE_SSH_PORT: '2222' }),
    ).toEqual([[given, given], []])
    for (const port of ['0', '65536', 'ssh', '1e3', '-22'])
      expect(readRescue({ IMAGO_RESCUE_SSH_PORT: port })).toEqual([
        [unset, unset],
        ['invalid port: IMAGO_RESCUE_SSH_PORT'],
      ])
  })

  // hetznercloud/cli: internal/state/config/config_unix.go, config_windows.go, options.go (HCLOUD_CONFIG).
  describe('the path of the file', () => {
    it.each<[string, MemoryEnvironment, string]>([
      ['is in the home directory', {}, CLI_TOML],
      ['is the same on macOS', { platform: 'darwin' }, CLI_TOML],
      ['ignores XDG_CONFIG_HOME', { variables: { XDG_CONFIG_HOME: '/xdg' } }, CLI_TOML],
      ['is HCLOUD_CONFIG', { variables: { HCLOUD_CONFIG: '/etc/my.toml' } }, '/etc/my.toml'],
      [
        'is HCLOUD_CONFIG, relative to the working directory',
        { variables: { HCLOUD_CONFIG: 'my.toml' } },
        '/cwd/my.toml',
      ],
      ['ignores an empty HCLOUD_CONFIG', { variables: { HCLOUD_CONFIG: '' } }, CLI_TOML],
      [
        'is in APPDATA on Windows',
        {
          platform: 'win32',
          workingDirectory: 'C:\\w',
          home: 'C:\\me',
          variables: { APPDATA: 'C:\\me\\AppData\\Roaming' },
        },
        'C:\\me\\AppData\\Roaming\\hcloud\\cli.toml',
      ],
    ])('%s', (_, where, path) => {
      expect(short(find({ [path]: TWO }, where)).map(([name]) => name)).toEqual(['prod', 'test'])
    })

    it('causes a warning if HCLOUD_CONFIG names a missing file, which hcloud ignores', () => {
      const found = find({ [CLI_TOML]: TWO }, { variables: { HCLOUD_CONFIG: '/nope' } })
      expect(found.clouds).toEqual([])
      expect(found.warnings.map(({ what }) => what)).toEqual(['file not found: /nope, named by HCLOUD_CONFIG'])
    })
  })

  // docs/reference/manual/hcloud_config.md: environment, then context, then global preferences, then defaults. Tokens: seen with hcloud 1.30.3.
  describe('precedence', () => {
    const prefer = TWO.replace('[[contexts]]', '[preferences]\nendpoint = "https://global/v1"\n[[contexts]]').replace(
      `token = "${B}"`,
      `token = "${B}"\n  [contexts.preferences]\n  endpoint = "https://context/v1/"`,
    )

    it.each<[string, string, Readonly<Record<string, string>>, readonly (readonly unknown[])[]]>([
      [
        'HCLOUD_CONTEXT over active_context',
        TWO,
        { HCLOUD_CONTEXT: 'test' },
        [
          ['prod', 'a', API, false],
          ['test', 'b', API, true],
        ],
      ],
      [
        'HCLOUD_TOKEN over every context',
        TWO,
        { HCLOUD_TOKEN: 'c', HCLOUD_CONTEXT: 'test' },
        [
          ['prod', 'a', API, false],
          ['test', 'b', API, false],
          ['envvars', 'c', API, true],
        ],
      ],
      [
        'an empty HCLOUD_TOKEN is ignored',
        TWO,
        { HCLOUD_TOKEN: '' },
        [
          ['prod', 'a', API, true],
          ['test', 'b', API, false],
        ],
      ],
      [
        'preferences of the context over global ones',
        prefer,
        {},
        [
          ['prod', 'a', 'https://global/v1', true],
          ['test', 'b', 'https://context/v1', false],
        ],
      ],
      [
        'HCLOUD_ENDPOINT over preferences',
        prefer,
        { HCLOUD_ENDPOINT: 'http://127.0.0.1:1/v1' },
        [
          ['prod', 'a', 'http://127.0.0.1:1/v1', true],
          ['test', 'b', 'http://127.0.0.1:1/v1', false],
        ],
      ],
      [
        'HCLOUD_ENDPOINT only for HCLOUD_TOKEN, if both are set',
        prefer,
        { HCLOUD_ENDPOINT: 'http://127.0.0.1:1/v1', HCLOUD_TOKEN: 'c' },
        [
          ['prod', 'a', 'https://global/v1', false],
          ['test', 'b', 'https://context/v1', false],
          ['envvars', 'c', 'http://127.0.0.1:1/v1', true],
        ],
      ],
      [
        'HCLOUD_TOKEN with the preferences of the active context',
        prefer,
        { HCLOUD_CONTEXT: 'test', HCLOUD_TOKEN: 'c' },
        [
          ['prod', 'a', 'https://global/v1', false],
          ['test', 'b', 'https://context/v1', false],
          ['envvars', 'c', 'https://context/v1', true],
        ],
      ],
    ])('%s', (_, toml, env, expected) => {
      expect(short(find({ [CLI_TOML]: toml }, { variables: env }))).toEqual(expected)
    })

    it('each cloud lists its files and variables', () => {
      const found = find(
        { [CLI_TOML]: prefer },
        { variables: { HCLOUD_TOKEN: 'c', HCLOUD_ENDPOINT: 'http://127.0.0.1:1' } },
      )
      expect(found.clouds.map(({ origin }) => origin)).toEqual([
        [{ file: CLI_TOML }],
        [{ file: CLI_TOML }],
        [{ variable: 'HCLOUD_TOKEN' }, { variable: 'HCLOUD_ENDPOINT' }],
      ])
    })
  })

  describe('warnings', () => {
    it.each<[string, string, MemoryEnvironment, string]>([
      // config.go, Read: "Warning: active context %q not found".
      [
        'a missing active context',
        TWO.replace('"prod"', '"gone"'),
        {},
        'context not found: gone, named by active_context',
      ],
      [
        'a missing context in HCLOUD_CONTEXT',
        TWO,
        { variables: { HCLOUD_CONTEXT: 'gone' } },
        'context not found: gone, named by HCLOUD_CONTEXT',
      ],
      [
        'a file that others can read',
        TWO,
        { open: [CLI_TOML] },
        '~/.config/hcloud/cli.toml contains tokens, and other users can read it',
      ],
      [
        'HCLOUD_TOKEN_FILE',
        TWO,
        { variables: { HCLOUD_TOKEN_FILE: '/t' } },
        'HCLOUD_TOKEN_FILE is set, which neither hcloud nor imago reads',
      ],
      [
        'HCLOUD_TOKEN_COMMAND',
        TWO,
        { variables: { HCLOUD_TOKEN_COMMAND: 'pass hcloud' } },
        'HCLOUD_TOKEN_COMMAND is set, which imago does not run',
      ],
    ])('are returned for %s', (_, toml, rest, what) => {
      const found = find({ [CLI_TOML]: toml }, rest)
      expect(found.warnings.map((one) => one.what)).toEqual([what])
      expect(found.problems).toEqual([])
      expect(found.clouds).toHaveLength(2)
    })
  })

  describe('an invalid context is reported, and the others are returned', () => {
    const three = (broken: string): string => `${TWO}\n[[contexts]]\n${broken}\n`

    it.each<[string, string, string | null, string]>([
      ['no token', 'name = "x"', 'x', 'the context has no token'],
      ['an empty token', 'name = "x"\ntoken = ""', 'x', 'the context has no token'],
      [
        'a token that is a number',
        'name = "x"\ntoken = 1',
        null,
        'context 3 of ~/.config/hcloud/cli.toml is not in the format of hcloud',
      ],
      ['no name', 'token = "x"', null, 'context 3 of ~/.config/hcloud/cli.toml is not in the format of hcloud'],
      [
        'a line break in the token',
        'name = "x"\ntoken = "a\\n"',
        'x',
        'the token contains characters that tokens cannot have, such as a space or a line break',
      ],
      [
        'a duplicate name',
        'name = "prod"\ntoken = "c"',
        'prod',
        'several contexts have this name; hcloud uses the first',
      ],
      // context.go: token_command, hcloud of 2026.
      [
        'a command for a token',
        'name = "x"\ntoken_command = "pass hcloud"',
        'x',
        'the token comes from a token_command, which imago does not run',
      ],
      [
        'an endpoint that is not a URL',
        'name = "x"\ntoken = "c"\n[contexts.preferences]\nendpoint = "api"',
        'x',
        'the preference endpoint is not a URL',
      ],
      [
        'an endpoint with another scheme',
        'name = "x"\ntoken = "c"\n[contexts.preferences]\nendpoint = "file:///x"',
        'x',
        'the preference endpoint is neither an https nor an http URL',
      ],
      [
        'an endpoint with a password',
        'name = "x"\ntoken = "c"\n[contexts.preferences]\nendpoint = "https://u:p@h"',
        'x',
        'the preference endpoint contains a user or password, which is not supported',
      ],
    ])('%s', (_, broken, cloud, what) => {
      const found = find({ [CLI_TOML]: three(broken) })
      expect(found.problems.map((one) => [one._tag, one.cloud, one.what])).toEqual([['ConfigInvalid', cloud, what]])
      expect(short(found).map(([name, token]) => [name, token])).toEqual([
        ['prod', 'a'],
        ['test', 'b'],
      ])
    })

    it.each<[string, string, string]>([
      [
        'invalid TOML',
        'active_context = "a"\ntoken = = "b"',
        'cannot read ~/.config/hcloud/cli.toml: invalid TOML: line 2, column 9',
      ],
      [
        'TOML in another format',
        'contexts = 1',
        'cannot read ~/.config/hcloud/cli.toml: not in the format of hcloud: /contexts: expected list, got bigint',
      ],
    ])('%s does not hide the cloud of HCLOUD_TOKEN', (_, toml, what) => {
      const found = find({ [CLI_TOML]: toml }, { variables: { HCLOUD_TOKEN: 'c' } })
      expect(found.problems.map((one) => one.what)).toEqual([what])
      expect(short(found)).toEqual([['envvars', 'c', API, true]])
    })

    it('an unreadable file is a problem', () => {
      expect(find({}, { locked: [CLI_TOML] }).problems.map(({ what }) => what)).toEqual([
        'cannot read ~/.config/hcloud/cli.toml: permission denied',
      ])
    })

    it('a context named envvars conflicts with HCLOUD_TOKEN', () => {
      const found = find({ [CLI_TOML]: TWO.replaceAll('test', 'envvars') }, { variables: { HCLOUD_TOKEN: 'c' } })
      expect(found.problems.map(({ cloud, what }) => [cloud, what])).toEqual([
        ['envvars', 'the cloud of HCLOUD_TOKEN has the name of a context'],
      ])
      expect(short(found).map(([name, token]) => [name, token])).toEqual([
        ['prod', 'a'],
        ['envvars', 'b'],
      ])
    })
  })
})
