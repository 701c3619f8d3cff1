import { describe, expect, it } from '@jest/globals'
import { createMemoryEnvironment } from '@imago/testkit'
import { discoverClouds, providers } from 'imago/clouds'
import { cloudNames, completions, completionServer } from '../../../src/commands/completion/server.ts'
import { commands } from '../../../src/program.ts'
import { memoryOutput } from '../../memory-output.ts'

const KNOWN = {
  clouds: async () => ['prod', 'lab', 'lab@RegionOne'],
  providers: async () => ['hetzner', 'openstack'],
  services: async () => ['image', 'compute'],
}

const after = (line: string): Promise<readonly string[]> => {
  const words = line.split(' ')
  const last = words.pop() ?? ''
  return completions(commands, words, last, KNOWN)
}

describe('completions', () => {
  it('completes commands', async () => {
    const visible = commands.filter(({ group }) => group !== null).map(({ name }) => name.split(' ')[0])
    expect(await after('imago ')).toEqual([...new Set(visible), 'help'])
    expect(visible).toEqual(expect.arrayContaining(['list', 'normalize', 'completion', 'fleet']))
  })

  it('completes subcommands, and their options', async () => {
    expect(await after('imago fleet ')).toEqual([
      'cancel',
      'drain',
      'inventory',
      'retry',
      'schedule',
      'status',
      'submit',
      'worker',
    ])
    expect(await after('imago fleet --')).toEqual(['--help'])
    expect(await after('imago fleet worker --')).toEqual(expect.arrayContaining(['--jobs', '--cloud-limit', '--help']))
    expect(await after('imago fleet status --state ')).toEqual(['queued', 'running', 'done', 'failed', 'cancelled'])
  })

  it('completes the options of a command', async () => {
    expect(await after('imago normalize --')).toEqual(expect.arrayContaining(['--output', '--drift', '--help']))
    expect(await after('imago normalize --')).not.toContain('--field')
    expect(await after('imago explain a.json --f')).toContain('--field')
    expect(await after('imago --')).toEqual(expect.arrayContaining(['--version', '--help']))
  })

  it('completes the choices of an option', async () => {
    expect(await after('imago normalize -o ')).toEqual(['table', 'json', 'ndjson', 'yaml', 'csv', 'value'])
    expect(await after('imago explain --output ')).toEqual(['table', 'json', 'csv', 'value'])
    expect(await after('imago drift --provider ')).toEqual(['hetzner', 'openstack'])
    expect(await after('imago api --service ')).toEqual(['image', 'compute'])
  })

  it('completes clouds, and images of a cloud', async () => {
    expect(await after('imago list ')).toEqual(['prod', 'lab', 'lab@RegionOne'])
    expect(await after('imago api la')).toContain('lab')
    expect(await after('imago find --cloud ')).toContain('lab@RegionOne')
    expect(await after('imago show prod:a ')).toEqual(['prod:', 'lab:', 'lab@RegionOne:'])
    expect(await after('imago cleanup ')).toEqual(['prod', 'lab', 'lab@RegionOne'])
  })

  it('completes the source and the target of a transfer', async () => {
    for (const line of ['imago plan ', 'imago copy prod:a ', 'imago download ', 'imago upload ./disk.raw '])
      expect(await after(line)).toEqual(expect.arrayContaining(['prod:', 'lab@RegionOne:']))
    expect(await after('imago apply ')).toEqual([])
    expect(await after('imago copy --progress ')).toEqual(['auto', 'bar', 'lines', 'json', 'none'])
    expect(await after('imago resume --accept ')).toEqual([
      'digest-match',
      'digest-declared',
      'size-match',
      'unverified',
    ])
  })

  it('completes the exact names of configured clouds', async () => {
    const files: Readonly<Record<string, string>> = {
      '/home/me/.config/hcloud/cli.toml':
        '[[contexts]]\nname = "a"\ntoken = "x"\n[[contexts]]\nname = "prod"\ntoken = "x"\n',
      '/home/me/.config/openstack/clouds.yaml':
        "clouds:\n  a: {auth_type: none, image_endpoint_override: 'http://g'}\n  lab: {auth_type: none, image_endpoint_override: 'http://g', regions: [one, two]}\n",
    }
    const { clouds } = await discoverClouds(providers, createMemoryEnvironment({ files }))
    expect(cloudNames(clouds)).toEqual(['hetzner/a', 'prod', 'openstack/a', 'lab', 'lab@one', 'lab@two'])
  })

  it('completes the choices of an argument, else files', async () => {
    expect(await after('imago schema ')).toContain('crosswalk')
    expect(await after('imago completion ')).toEqual(['bash', 'zsh', 'fish'])
    expect(await after('imago normalize ')).toEqual([])
    expect(await after('imago normalize --drift ')).toEqual([])
    expect(await after('imago normalize --strict ')).toEqual([])
  })
})

describe('completionServer', () => {
  const ask = async (shell: string, line: string): Promise<string> => {
    const output = memoryOutput()
    const variables = { COMP_CWORD: '2', COMP_LINE: line, COMP_POINT: String(line.length), SHELL: shell }
    expect(await completionServer(commands, variables, output, KNOWN)).toBe(0)
    return output.text()
  }

  it('prints each completion on a line', async () => {
    expect(await ask('fish', 'imago show ')).toBe('prod:\nlab:\nlab@RegionOne:\n')
  })

  it('prints only those for bash that begin with the typed word', async () => {
    expect(await ask('/bin/bash', 'imago show la')).toBe('lab:\nlab@RegionOne:\n')
  })

  it('escapes colons for zsh, which reads a description after them', async () => {
    expect(await ask('zsh', 'imago show ')).toBe('prod\\:\nlab\\:\nlab@RegionOne\\:\n')
  })

  it('lets the shell complete files', async () => {
    expect(await ask('bash', 'imago normalize ')).toBe('__tabtab_complete_files__\n')
  })

  it('does not read the configuration for options and commands', async () => {
    const fail = (): Promise<readonly string[]> => Promise.reject(new Error('the configuration was read'))
    const output = memoryOutput()
    const variables = { COMP_CWORD: '2', COMP_LINE: 'imago list --so', COMP_POINT: '15', SHELL: 'bash' }
    await completionServer(commands, variables, output, { clouds: fail, providers: fail, services: fail })
    expect(output.text()).toBe('--sort\n')
  })

  it('returns a usage error outside of a completion', async () => {
    expect(await completionServer(commands, {}, memoryOutput(), KNOWN)).toBe(2)
  })
})
