import { describe, expect, it } from '@jest/globals'
import { Command } from 'commander'
import { one } from '../../src/command-line/argument.ts'
import { defineCommand } from '../../src/command-line/command.ts'
import {
  choice,
  either,
  flag,
  list,
  negation,
  optional,
  preset,
  renamed,
  required,
  text,
  type OptionsOf,
} from '../../src/command-line/option.ts'
import { addOptions, registerCommand } from '../../src/command-line/register.ts'

const options = {
  osVersion: text('<version>', 'its version'),
  output: preset(choice('<format>', 'output format', ['table', 'json'], { short: 'o' }), 'table'),
  file: required(text('<file>', 'a file', { short: 'O' })),
  all: flag('all of them'),
  header: negation('no headings'),
  deprecated: either('only these', 'only others'),
  tag: list('<tag>', 'a tag'),
  description: text('<text>', 'a description', { mayBeEmpty: true }),
  hidden: optional('[only]', 'hidden ones too', ['only']),
  label: renamed('<label>', '--set-label'),
}

type Options = OptionsOf<typeof options>

/** Accesses that the compiler must refuse. Never called. */
const readsWhatIsDeclared = (given: Options): readonly unknown[] => [
  given.osVersion,
  given.output === 'table',
  given.file.length,
  // @ts-expect-error No such option was declared.
  given.region,
  // @ts-expect-error This is a former name.
  given.label,
  // @ts-expect-error The option is optional.
  given.osVersion.length,
  // @ts-expect-error The value is not one of the choices.
  given.output === 'yaml',
  // @ts-expect-error The value is a list.
  given.tag satisfies string | undefined,
]

const command = defineCommand({
  name: 'try',
  group: 'Inspect images:',
  summary: 'try it',
  arguments: { cloud: one('cloud', 'a cloud') },
  options,
  examples: ['imago try prod'],
  run: async (given, chosen) => {
    parsed.push({ ...given, ...chosen })
    // @ts-expect-error No such argument was declared.
    expect(given.image).toBeUndefined()
    // @ts-expect-error No such option was declared.
    expect(chosen.region).toBeUndefined()
    return 0
  },
})

const parsed: unknown[] = []

const parse = async (...words: readonly string[]): Promise<unknown> => {
  const program = new Command('imago').exitOverride().configureOutput({ writeErr: () => undefined })
  addOptions(
    registerCommand(program, command, [command], () => undefined),
    command,
  )
  for (const one of program.commands) one.exitOverride().configureOutput({ writeErr: () => undefined })
  await program.parseAsync(['try', ...words], { from: 'user' })
  return parsed.at(-1)
}

describe('options', () => {
  it('are parsed to their declared types', async () => {
    expect(readsWhatIsDeclared).toBeDefined()
    expect(
      await parse(
        'prod',
        '-O',
        'x',
        '--os-version',
        '12',
        '--all',
        '--no-header',
        '--tag',
        'a',
        '--tag',
        'b',
        '--hidden=only',
      ),
    ).toEqual({
      cloud: 'prod',
      file: 'x',
      output: 'table',
      osVersion: '12',
      all: true,
      header: false,
      tag: ['a', 'b'],
      hidden: 'only',
    })
    expect(await parse('prod', '-O', 'x', '-o', 'json', '--hidden', '--no-deprecated')).toMatchObject({
      output: 'json',
      hidden: true,
      deprecated: false,
    })
    expect(await parse('prod', '-O', 'x', '--deprecated')).toMatchObject({ deprecated: true })
  })

  it.each([
    [['prod'], 'commander.missingMandatoryOptionValue'],

    [['prod', '-O', 'x', '--region', 'y'], 'commander.unknownOption'],
    [['-O', 'x'], 'commander.missingArgument'],
  ])('refuse %j', async (words, code) => {
    await expect(parse(...words)).rejects.toMatchObject({ code })
  })

  it('report the choices when a value is not one of them', async () => {
    await expect(parse('prod', '-O', 'x', '-o', 'yaml')).rejects.toMatchObject({
      exitCode: 2,
      message: '--output: unknown value "yaml" (one of: table, json)',
    })
  })

  it.each([
    [['prod', '-O', 'x', '--tag', ''], '--tag: empty value. Use --tag <tag>'],
    [['prod', '-O', 'x', '--tag', 'a', '--tag='], '--tag: empty value. Use --tag <tag>'],
    [['prod', '-O', '', '--tag', 'a'], '--file: empty value. Use --file <file>'],
    [['', '-O', 'x'], 'empty argument: cloud'],
  ])('refuse the empty value of %j', async (words, message) => {
    await expect(parse(...words)).rejects.toMatchObject({ exitCode: 2, message })
  })

  it('are parsed to an empty value where the declaration allows it', async () => {
    expect(await parse('prod', '-O', 'x', '--description', '')).toMatchObject({ description: '' })
  })

  it('report the current name when a former one is given', async () => {
    await expect(parse('prod', '-O', 'x', '--label', 'a=b')).rejects.toMatchObject({
      message: expect.stringContaining('unknown option --label. Use --set-label a=b'),
    })
  })
})
