import { Argument, Option, type Command } from 'commander'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import type { ArgumentDeclaration } from './argument.ts'
import { parseChoice } from './choice.ts'
import { PARENT_SUMMARIES, splitName, type AnyCommand } from './command.ts'
import { formatSuggestion } from '../format-suggestion.ts'
import { formatFlag, type OptionDeclaration } from './option.ts'
import { describeArgument, describePositive, formatArgument, sortOptions } from './usage.ts'

type ValueParser = (value: string) => string

/** Parses the value of an option as far as its declaration describes it. */
const createValueParser =
  (flag: string, { choices, placeholder, mayBeEmpty }: OptionDeclaration<unknown>): ValueParser =>
  (value) => {
    if (choices !== null) return parseChoice(flag, value, choices)
    if (value === '' && !mayBeEmpty)
      throw new Problem(`${flag}: empty value. Use ${flag} ${placeholder ?? ''}`, EXIT.usage)
    return value
  }

const collect =
  (parse: ValueParser) =>
  (value: string, before: readonly string[] = []): readonly string[] => [...before, parse(value)]

const refuseRenamed =
  (flag: string, now: string) =>
  (value: string): never => {
    throw new Problem(`unknown option ${flag}. Use ${now} ${value}`, EXIT.usage)
  }

/** The choice of an argument. `display`: its name in the help. */
const parseArgumentChoice = (display: string, value: string, choices: readonly string[]): string => {
  if (choices.includes(value)) return value
  throw new Problem(
    `unknown ${display} ${JSON.stringify(value)} (one of: ${choices.join(', ')})${formatSuggestion(value, choices)}`,
    EXIT.usage,
  )
}

/** Commander's own `choices` would report errors, and describe the choices, in other words. */
const withParser = (option: Option, parse: ValueParser, choices: readonly string[] | null): Option => {
  option.argParser((value: string) => parse(value))
  if (choices !== null) option.argChoices = [...choices]
  return option
}

/** The parser's options for a declaration. */
const toParserOptions = (name: string, declaration: OptionDeclaration<unknown>): readonly Option[] => {
  const { kind, negated, short, placeholder, choices, preset, isRequired, conflicts, group } = declaration
  const flag = formatFlag(name)
  const summary = describePositive(declaration)
  const parse = createValueParser(flag, declaration)
  const flags = [short === null ? '' : `-${short}, `, flag, placeholder === null ? '' : ` ${placeholder}`].join('')
  const configure = (option: Option): Option => {
    if (group !== null) option.helpGroup(group)
    if (conflicts !== null) option.conflicts(conflicts)
    return option.makeOptionMandatory(isRequired)
  }
  switch (kind) {
    case 'flag':
      return [configure(new Option(flags, summary))]
    case 'negation':
      return [configure(new Option(`--no-${flag.slice(2)}`, summary))]
    case 'either':
      return [configure(new Option(flags, summary)), configure(new Option(`--no-${flag.slice(2)}`, negated ?? ''))]
    case 'text': {
      const option = withParser(configure(new Option(flags, summary)), parse, choices)
      return [preset === null ? option : option.default(preset)]
    }
    case 'list':
      return [configure(new Option(flags, summary)).argParser(collect(parse))]
    case 'optional':
      return [withParser(configure(new Option(flags, summary)), parse, choices)]
    case 'renamed':
      return [new Option(flags, summary).argParser(refuseRenamed(flag, preset ?? '')).hideHelp()]
  }
}

const toParserArgument = (declaration: ArgumentDeclaration<unknown>): Argument => {
  const { display, choices } = declaration
  const argument = new Argument(formatArgument(declaration), describeArgument(declaration))
  if (choices === null) return argument
  argument.argParser((value: string) => parseArgumentChoice(display, value, choices))
  argument.argChoices = [...choices]
  return argument
}

/** An empty argument is mostly a variable of a script that is not set. */
const refuseEmpty = ({ display }: ArgumentDeclaration<unknown>, given: unknown): void => {
  if ([given].flat().includes('')) throw new Problem(`empty argument: ${display}`, EXIT.usage)
}

const examplesText = (examples: readonly string[]): string =>
  `\nExamples:\n${examples.map((example) => `  ${example}\n`).join('')}`

/** A command in the help of imago: `list [options] [clouds...]`. */
export const formatSynopsis = ({ name, arguments: declared, options }: AnyCommand): string =>
  [
    name,
    ...(Object.keys(options).length > 0 ? ['[options]'] : []),
    ...Object.values(declared).map(formatArgument),
  ].join(' ')

/** The parser's command of subcommands, which is added with the first of them. */
const findParent = (program: Command, name: string, group: string | null): Command => {
  const known = program.commands.find((command) => command.name() === name)
  if (known !== undefined) return known
  const parent = program
    .command(name)
    .description(PARENT_SUMMARIES[name] ?? '')
    .helpCommand(false)
    .showHelpAfterError(`run \`imago ${name} --help\` for usage`)
  return group === null ? parent : parent.helpGroup(group)
}

/** Adds a command to the parser, without its options. `exit` receives its exit code. */
export const registerCommand = (
  program: Command,
  declaration: AnyCommand,
  commands: readonly AnyCommand[],
  exit: (code: ExitCode) => void,
): Command => {
  const { name, group, summary, arguments: declared, examples, run } = declaration
  const { parent, own } = splitName(name)
  const command = (parent === null ? program : findParent(program, parent, group))
    .command(own, { hidden: group === null })
    .description(summary)
    .showHelpAfterError(`run \`imago ${name} --help\` for usage`)
  // The subcommands of a command have no headings.
  if (group !== null && parent === null) command.helpGroup(group)
  else if (group === null) command.allowUnknownOption()
  for (const argument of Object.values(declared)) command.addArgument(toParserArgument(argument))
  if (examples.length > 0) command.addHelpText('after', examplesText(examples).trimEnd())
  command.action(async (...values: readonly unknown[]) => {
    // The hidden command receives the words of an unfinished command line.
    if (group !== null) Object.values(declared).forEach((argument, at) => refuseEmpty(argument, values[at]))
    const given = Object.fromEntries(Object.keys(declared).map((key, at) => [key, values[at]]))
    exit(await run(given, command.opts(), { commands }))
  })
  return command
}

/** Adds the options of a command to the parser. */
export const addOptions = (command: Command, { options }: AnyCommand): void => {
  for (const [key, option] of sortOptions(options))
    for (const one of toParserOptions(key, option)) command.addOption(one)
}
