import { Argument, InvalidArgumentError, Option, type Command } from 'commander'
import type { ExitCode } from '../exit-code.ts'
import type { ArgumentDeclaration } from './argument.ts'
import type { AnyCommand } from './command.ts'
import { formatFlag, type OptionDeclaration } from './option.ts'

const gathered =
  (choices: readonly string[] | null) =>
  (value: string, before: readonly string[] = []): readonly string[] => {
    if (choices !== null && !choices.includes(value))
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`)
    return [...before, value]
  }

const refused =
  (now: string) =>
  (value: string): never => {
    throw new InvalidArgumentError(`Use ${now} ${value}.`)
  }

/** The options of the parser that a declaration stands for. */
const toParserOptions = (name: string, declaration: OptionDeclaration<unknown>): readonly Option[] => {
  const { kind, summary, negated, short, placeholder, choices, preset, isRequired, conflicts, group } = declaration
  const flag = formatFlag(name)
  const flags = [short === null ? '' : `-${short}, `, flag, placeholder === null ? '' : ` ${placeholder}`].join('')
  const placed = (option: Option): Option => {
    if (group !== null) option.helpGroup(group)
    if (conflicts !== null) option.conflicts(conflicts)
    return option.makeOptionMandatory(isRequired)
  }
  switch (kind) {
    case 'flag':
      return [placed(new Option(flags, summary))]
    case 'negation':
      return [placed(new Option(`--no-${flag.slice(2)}`, summary))]
    case 'either':
      return [placed(new Option(flags, summary)), placed(new Option(`--no-${flag.slice(2)}`, negated ?? ''))]
    case 'text': {
      const option = placed(new Option(flags, summary))
      if (choices !== null) option.choices(choices)
      return [preset === null ? option : option.default(preset)]
    }
    case 'list': {
      const option = placed(new Option(flags, summary)).argParser(gathered(choices))
      if (choices !== null) option.argChoices = [...choices]
      return [option]
    }
    case 'optional':
      return [placed(new Option(flags, summary)).choices(choices ?? [])]
    case 'renamed':
      return [new Option(flags, summary).argParser(refused(preset ?? '')).hideHelp()]
  }
}

const toParserArgument = ({
  display,
  summary,
  isRequired,
  isList,
  choices,
}: ArgumentDeclaration<unknown>): Argument => {
  const name = `${display}${isList ? '...' : ''}`
  const argument = new Argument(isRequired ? `<${name}>` : `[${name}]`, summary)
  return choices === null ? argument : argument.choices(choices)
}

const examplesText = (examples: readonly string[]): string =>
  `\nExamples:\n${examples.map((example) => `  ${example}\n`).join('')}`

/** Adds a command to the parser. `exit` takes its exit code. */
export const registerCommand = (
  program: Command,
  declaration: AnyCommand,
  commands: readonly AnyCommand[],
  exit: (code: ExitCode) => void,
): void => {
  const { name, group, summary, arguments: declared, options, examples, run } = declaration
  const command = program
    .command(name, { hidden: group === null })
    .description(summary)
    .showHelpAfterError(`(run imago ${name} --help for usage)`)
  if (group !== null) command.helpGroup(group)
  else command.allowUnknownOption()
  for (const argument of Object.values(declared)) command.addArgument(toParserArgument(argument))
  for (const [key, option] of Object.entries(options))
    for (const one of toParserOptions(key, option)) command.addOption(one)
  if (examples.length > 0) command.addHelpText('after', examplesText(examples).trimEnd())
  command.action(async (...values: readonly unknown[]) => {
    const given = Object.fromEntries(Object.keys(declared).map((key, at) => [key, values[at]]))
    exit(await run(given, command.opts(), { commands }))
  })
}
