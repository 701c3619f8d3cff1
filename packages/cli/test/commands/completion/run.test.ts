import { describe, expect, it } from '@jest/globals'
import { createMemoryEnvironment } from '@imago/testkit'
import { discoverClouds, providers } from 'imago/clouds'
import { cloudNames, completion, completions, SHELLS } from '../../../src/commands/completion/run.ts'
import { commands } from '../../../src/program.ts'
import { memoryOutput } from '../../memory-output.ts'

const after = (line: string): readonly string[] => {
  const words = line.split(' ')
  const last = words.pop() ?? ''
  return completions(commands, words, last, {
    clouds: () => ['prod', 'lab', 'lab@RegionOne'],
    providers: () => ['hetzner', 'openstack'],
    services: () => ['image', 'compute'],
  })
}

describe('completion', () => {
  it.each(SHELLS)('prints a script for %s that calls the completion server', async (shell) => {
    const output = memoryOutput()
    expect(await completion(shell, output)).toBe(0)
    expect(output.text()).toContain('imago completion-server')
  })

  it('completes commands', () => {
    const visible = [...commands.filter(({ group }) => group !== null).map(({ name }) => name), 'help']
    expect(after('imago ')).toEqual(visible)
    expect(visible).toEqual(expect.arrayContaining(['list', 'normalize', 'completion']))
  })

  it('completes the options of a command', () => {
    expect(after('imago normalize --')).toEqual(expect.arrayContaining(['--output', '--drift', '--help']))
    expect(after('imago normalize --')).not.toContain('--field')
    expect(after('imago explain a.json --f')).toContain('--field')
    expect(after('imago --')).toEqual(expect.arrayContaining(['--version', '--help']))
  })

  it('completes the choices of an option', () => {
    expect(after('imago normalize -o ')).toEqual(['table', 'json', 'ndjson', 'yaml', 'csv', 'value'])
    expect(after('imago explain --output ')).toEqual(['table', 'json', 'csv', 'value'])
    expect(after('imago drift --provider ')).toEqual(['hetzner', 'openstack'])
    expect(after('imago api --service ')).toEqual(['image', 'compute'])
  })

  it('completes clouds, and images of a cloud', () => {
    expect(after('imago list ')).toEqual(['prod', 'lab', 'lab@RegionOne'])
    expect(after('imago api la')).toContain('lab')
    expect(after('imago find --cloud ')).toContain('lab@RegionOne')
    expect(after('imago show prod:a ')).toEqual(['prod:', 'lab:', 'lab@RegionOne:'])
    expect(after('imago cleanup ')).toEqual(['prod', 'lab', 'lab@RegionOne'])
  })

  it('completes the source and the target of a transfer', () => {
    for (const line of ['imago plan ', 'imago copy prod:a ', 'imago download ', 'imago upload ./disk.raw '])
      expect(after(line)).toEqual(expect.arrayContaining(['prod:', 'lab@RegionOne:']))
    expect(after('imago apply ')).toEqual([])
    expect(after('imago copy --progress ')).toEqual(['auto', 'bar', 'lines', 'json', 'none'])
    expect(after('imago resume --accept ')).toEqual(['digest-match', 'digest-declared', 'size-match', 'unverified'])
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

  it('completes the choices of an argument, else files', () => {
    expect(after('imago schema ')).toContain('crosswalk')
    expect(after('imago completion ')).toEqual(['bash', 'zsh', 'fish'])
    expect(after('imago normalize ')).toEqual([])
    expect(after('imago normalize --drift ')).toEqual([])
    expect(after('imago normalize --strict ')).toEqual([])
  })
})
