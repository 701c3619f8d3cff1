import { describe, expect, it } from '@jest/globals'
import type { Command } from 'commander'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SHELLS } from '../src/commands/completion/run.ts'
import { printableSchemas } from '../src/commands/schema/run.ts'
import { PROGRESS_KINDS } from '../src/transfer/progress.ts'
import { IMAGE_FORMATS } from '../src/options/output.ts'
import { createProgram } from '../src/program.ts'
import { VERSION } from '../src/version.ts'

const program = createProgram(() => undefined)
const commandCalled = (name: string): Command => {
  const found = program.commands.find((command) => command.name() === name)
  if (found === undefined) throw new Error(`there is no command ${name}`)
  return found
}
const findChoices = (name: string, option: string) =>
  commandCalled(name).options.find(({ long }) => long === option)?.argChoices

describe('names declared on the command line equal those of the commands', () => {
  it('formats', () => {
    expect(findChoices('normalize', '--output')).toEqual(IMAGE_FORMATS)
  })

  it('kinds of progress', () => {
    for (const name of ['copy', 'download', 'upload', 'apply', 'resume'])
      expect(findChoices(name, '--progress')).toEqual(PROGRESS_KINDS)
  })

  it('schemas and shells', () => {
    expect(commandCalled('schema').registeredArguments[0]?.argChoices).toEqual(printableSchemas)
    expect(commandCalled('completion').registeredArguments[0]?.argChoices).toEqual(SHELLS)
  })

  it('version', () => {
    const manifest = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { version: string }
    expect(VERSION).toBe(manifest.version)
  })
})

describe('help', () => {
  it('has every command in a group', () => {
    const text = program.helpInformation()
    for (const group of [
      'Inspect images:',
      'Change images:',
      'Transfer images:',
      'Clouds:',
      'Saved images:',
      'Reference:',
    ])
      expect(text).toContain(`\n${group}\n`)
    expect(text).not.toContain('Commands:')
  })

  it.each(program.commands.map((command) => command.name()))('of %s', (name) => {
    const command = commandCalled(name)
    const help = command.helpInformation()
    expect(help).toContain(`Usage: imago ${name}`)
    for (const { long, hidden } of command.options) if (long && !hidden) expect(help).toContain(long)
  })

  it('describes every visible command and option', () => {
    for (const command of program.commands.filter((one) => one.name() !== 'completion-server')) {
      expect(command.description()).not.toBe('')
      for (const option of command.options) expect(option.description).not.toBe('')
    }
  })
})
