import { describe, expect, test } from '@jest/globals'
import { completion, completions, SHELLS } from '../../src/commands/completion.ts'
import { createProgram } from '../../src/program.ts'
import { memoryOutput } from '../memory-output.ts'

const program = createProgram(() => undefined)
const after = (line: string): readonly string[] => {
  const words = line.split(' ')
  const last = words.pop() ?? ''
  return completions(program, words, last)
}

describe('completion', () => {
  test.each(SHELLS)('the script of %s asks the completion server', async (shell) => {
    const output = memoryOutput()
    expect(await completion(shell, output)).toBe(0)
    expect(output.text()).toContain('imago completion-server')
  })

  test('commands', () => {
    expect(after('imago ')).toEqual(['list', 'show', 'find', 'normalize', 'explain', 'drift', 'clouds', 'capabilities', 'api', 'fields', 'schema', 'completion'])
  })

  test('options of the command', () => {
    expect(after('imago normalize --')).toEqual(expect.arrayContaining(['--output', '--drift', '--help']))
    expect(after('imago normalize --')).not.toContain('--field')
    expect(after('imago explain a.json --f')).toContain('--field')
    expect(after('imago --')).toEqual(expect.arrayContaining(['--version', '--help']))
  })

  test('choices of the option before', () => {
    expect(after('imago normalize -o ')).toEqual(['table', 'json', 'ndjson', 'yaml', 'csv'])
    expect(after('imago explain --output ')).toEqual(['table', 'json'])
    expect(after('imago drift --provider ')).toEqual(['hetzner', 'openstack'])
  })

  test('choices of an argument; else files', () => {
    expect(after('imago schema ')).toContain('crosswalk')
    expect(after('imago completion ')).toEqual(['bash', 'zsh', 'fish'])
    expect(after('imago normalize ')).toEqual([])
    expect(after('imago normalize --drift ')).toEqual([])
    expect(after('imago normalize --strict ')).toEqual([])
  })
})
