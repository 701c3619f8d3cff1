import { Command } from 'commander'
import { EXIT, EXIT_MEANINGS, type ExitCode } from './exit-code.ts'
import { COMMAND_GROUPS, findCalled, splitName, type AnyCommand } from './command-line/command.ts'
import { addOptions, formatSynopsis, registerCommand } from './command-line/register.ts'
import * as declared from './commands/index.ts'
import { formatSuggestion } from './format-suggestion.ts'
import { VERSION } from './version.ts'

/** Every command. */
export const commands: readonly AnyCommand[] = Object.values(declared)

/** The description of the command. */
export const SUMMARY = 'list, find, explain and transfer machine images across clouds'

/** `help` is not among the declared commands. */
const formatSubcommand = (command: Command): string => {
  const name = command.name()
  if (command.commands.length > 0) return `${name} <command>`
  const declaration = commands.find((one) => one.name === name)
  return declaration === undefined ? 'help [command]' : formatSynopsis(declaration)
}

/** The parser's errors in the words of all others. */
const PARSER_WORDS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/^error: /, 'imago: '],
  [/required option '([^']*)' not specified/, 'missing required option: $1'],
  [/missing required argument '([^']*)'/, 'missing required argument: $1'],
  [/option '([^']*)' argument missing/, 'missing value of the option $1'],
  [
    /^imago: option '(?:-\w, )?(--[^' ]*)(?: [^']*)?' cannot be used with option '(?:-\w, )?(--[^' ]*)(?: [^']*)?'/,
    'imago: $1 and $2 cannot be combined',
  ],
  [/unknown (option|command) '([^']*)'/, 'unknown $1: $2'],
]

const SUGGESTION = '\n(Did you mean '

/** Puts the parser's suggestion on the line of the error. It comes last, after words of the user. */
const joinSuggestion = (text: string): string => {
  const at = text.lastIndexOf(SUGGESTION)
  return at < 0 ? text : `${text.slice(0, at)}. Did you mean ${text.slice(at + SUGGESTION.length).replace('?)', '?')}`
}

const toParserError = (text: string): string =>
  PARSER_WORDS.reduce((changed, [pattern, replacement]) => changed.replace(pattern, replacement), joinSuggestion(text))

/** The line below usage errors. `words`: the arguments of the process. */
export const usageHint = (words: readonly string[]): string => {
  const called = findCalled(
    commands,
    words.filter((word) => !word.startsWith('-')),
  )
  const [{ name } = { name: '' }, ...others] = called
  const shown = others.length === 0 ? name : (splitName(name).parent ?? '')
  return `run \`imago ${shown === '' ? '' : `${shown} `}--help\` for usage`
}

/**
 * The command line. Each command loads its code when it runs. `exit` receives the exit code.
 * `words`: the arguments to parse. If they start with a command, only that is declared, and otherwise only the named commands get their options, because
 * all of them together take longer to declare than Node to start. `null`: every command gets its options.
 */
export const createProgram = (exit: (code: ExitCode) => void, words: readonly string[] | null = null): Command => {
  const program = new Command('imago')
    .description(SUMMARY)
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    // The declarations describe choices and defaults, in the words of the reference and the errors.
    .configureHelp({
      optionDescription: ({ description }) => description,
      argumentDescription: ({ description }) => description,
    })
    .configureOutput({ outputError: (text, write) => write(toParserError(text)) })
    .showHelpAfterError(usageHint([]))
    .addHelpText(
      'after',
      `
Examples:
  imago list --os ubuntu --arch arm64
  imago find --cloud prod --os debian --newest
  imago show prod:ubuntu-24.04 lab@RegionOne:debian-12
  imago snapshot prod:web-1 --set-description nightly --dry-run
  imago copy lab:debian-12 prod:
  hcloud image list -o json | imago normalize
  openstack image show -f json debian-12 | imago explain
  imago normalize hetzner.json glance.json -o ndjson > images.ndjson
  imago drift dumps/*.json

Exit codes:
${EXIT_MEANINGS.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}`,
    )

  const called = findCalled(commands, words ?? [])
  const isNamed = ({ name }: AnyCommand): boolean => {
    const { parent, own } = splitName(name)
    return words === null || (words.includes(own) && (parent === null || words.includes(parent)))
  }
  for (const group of [...COMMAND_GROUPS, null])
    for (const declaration of called.length > 0 ? called : commands)
      if (declaration.group === group) {
        const command = registerCommand(program, declaration, commands, exit)
        if (isNamed(declaration)) addOptions(command, declaration)
      }
  program.configureHelp({ subcommandTerm: formatSubcommand })
  program.helpCommand(false)
  program
    .command('help')
    .helpGroup('Reference:')
    .description('show the help of a command')
    .argument('[command...]')
    .action((names: readonly string[]) => {
      let command = program
      for (const name of names) {
        const next = command.commands.find((one) => one.name() === name)
        if (next === undefined) {
          const suggestion = formatSuggestion(
            name,
            command.commands.map((one) => one.name()),
          )
          return program.error(`imago: unknown command: ${names.join(' ')}${suggestion}`, { exitCode: EXIT.usage })
        }
        command = next
      }
      return command.outputHelp()
    })

  return program
}
