import { EXIT_MEANINGS } from '../exit-code.ts'
import { COMMAND_GROUPS, type AnyCommand } from './command.ts'
import {
  describeArgument,
  describeOption,
  formatArgument,
  listedOptions,
  listGroups,
  listSpellings,
  type Spelling,
} from './usage.ts'

/** Characters with a name in roff, which every man reads whatever its encoding. */
const GLYPHS: ReadonlyMap<string, string> = new Map([
  ['\\', '\\e'],
  ['-', '\\-'],
  ["'", '\\(aq'],
  ['`', '\\(ga'],
  ['^', '\\(ha'],
  ['~', '\\(ti'],
  ['’', '\\(cq'],
  ['–', '\\(en'],
  ['→', '\\(->'],
  ['…', '...'],
])

/** Text in roff: each character prints as it is, on a line that is not a request. */
const escape = (text: string): string =>
  [...text]
    .map((character) => {
      const code = character.codePointAt(0) ?? 0
      return (
        GLYPHS.get(character) ?? (code < 0x80 ? character : `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`)
      )
    })
    .join('')
    .replace(/^\./gm, '\\&.')

/** An argument of a request, which may contain blanks. */
const quote = (text: string): string => `"${escape(text).replaceAll('"', '\\(dq')}"`

const bold = (text: string): string => `\\fB${escape(text)}\\fR`
const italic = (text: string): string => `\\fI${escape(text)}\\fR`

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`.SH ${title}`, ...lines]

/** Lines of roff should be short; man fills paragraphs from them. */
const MAX_LINE = 80

/** A paragraph, broken between words into escaped lines. */
const paragraph = (text: string): readonly string[] => {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || escape(`${last} ${word}`).length > MAX_LINE) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.map(escape)
}

const entry = (term: string, meaning: string): readonly string[] => ['.TP', term, ...paragraph(meaning)]

const formatSpelling = ({ flag, value }: Spelling): string =>
  value === null ? bold(flag) : `${bold(flag)} ${italic(value)}`

const references = (names: readonly string[]): readonly string[] => [
  names.map((name) => `${bold(name)}(1)`).join(',\n'),
]

const exitStatus = section(
  'EXIT STATUS',
  EXIT_MEANINGS.flatMap(([code, meaning]) => entry(bold(String(code)), meaning)),
)

const header = (name: string, version: string): string =>
  // No date: the page would change with each build.
  `.TH ${quote(name.toUpperCase())} 1 "" ${quote(`imago ${version}`)} "imago Manual"`

const optionLines = (options: AnyCommand['options']): readonly string[] => {
  const listed = listedOptions(options)
  return listGroups(listed).flatMap((group) => [
    ...(group === null ? [] : [`.SS ${quote(group.replace(/:$/, ''))}`]),
    ...listed
      .filter(([, option]) => option.group === group)
      .flatMap(([name, option]) =>
        entry(listSpellings(name, option).map(formatSpelling).join(', '), describeOption(option)),
      ),
  ])
}

/** The name of the page of a command: `imago-fleet-submit`. */
const formatPageName = ({ name }: Pick<AnyCommand, 'name'>): string => `imago-${name.replaceAll(' ', '-')}`

const formatCommandPage = (command: AnyCommand, version: string): string => {
  const { name, summary, arguments: declared, options, examples } = command
  const args = Object.values(declared)
  const page = formatPageName(command)
  return [
    header(page, version),
    ...section('NAME', [`${escape(page)} \\- ${escape(summary)}`]),
    ...section('SYNOPSIS', [
      [
        bold(`imago ${name}`),
        ...(listedOptions(options).length === 0 ? [] : [`[${italic('options')}]`]),
        ...args.map((one) => italic(formatArgument(one))),
      ].join(' '),
    ]),
    ...section(
      'ARGUMENTS',
      args.flatMap((one) => entry(italic(formatArgument(one)), describeArgument(one))),
    ),
    ...section('OPTIONS', optionLines(options)),
    ...section('EXAMPLES', examples.length === 0 ? [] : ['.nf', ...examples.map(escape), '.fi']),
    ...exitStatus,
    ...section('SEE ALSO', references(['imago'])),
    '',
  ].join('\n')
}

/** The settings of the command, which no command declares. */
const ENVIRONMENT: readonly (readonly [term: string, meaning: string])[] = [
  ['IMAGO_DEBUG', 'If 1, print each request to standard error, without secrets, as --debug does.'],
  ['IMAGO_FLEET_DATABASE', 'Database of the fleet: postgres://USER@HOST/DATABASE.'],
  ['XDG_CONFIG_HOME', 'Directory of the configuration: imago/config.yaml (default: ~/.config).'],
  ['XDG_STATE_HOME', 'Directory of the journals of transfers: imago/runs (default: ~/.local/state).'],
  [
    'XDG_CACHE_HOME',
    'Directory of staged images, imago/spool, and of compiled code, imago/compiled (default: ~/.cache).',
  ],
]

const formatMainPage = (commands: readonly AnyCommand[], summary: string, version: string): string =>
  [
    header('imago', version),
    ...section('NAME', [`imago \\- ${escape(summary)}`]),
    ...section('SYNOPSIS', [
      `${bold('imago')} ${italic('command')} [${italic('options')}] [${italic('arguments')}...]`,
    ]),
    ...section(
      'COMMANDS',
      COMMAND_GROUPS.flatMap((group) => [
        `.SS ${quote(group.replace(/:$/, ''))}`,
        ...commands
          .filter((command) => command.group === group)
          .flatMap((command) => entry(`${bold(formatPageName(command))}(1)`, command.summary)),
      ]),
    ),
    ...section('OPTIONS', [
      ...entry(`${bold('-V')}, ${bold('--version')}`, 'print the version'),
      ...entry(`${bold('-h')}, ${bold('--help')}`, 'print the help'),
    ]),
    ...section(
      'ENVIRONMENT',
      ENVIRONMENT.flatMap(([term, meaning]) => entry(bold(term), meaning)),
    ),
    ...exitStatus,
    ...section('SEE ALSO', references(commands.map(formatPageName))),
    '',
  ].join('\n')

/** The man pages of section 1 by file name: `imago.1`, and `imago-NAME.1` (`imago-fleet-submit.1`) for each command that the help lists. */
export const formatManPages = (
  commands: readonly AnyCommand[],
  { summary, version }: { readonly summary: string; readonly version: string },
): ReadonlyMap<string, string> => {
  const listed = commands.filter(({ group }) => group !== null).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return new Map([
    ['imago.1', formatMainPage(listed, summary, version)],
    ...listed.map((command) => [`${formatPageName(command)}.1`, formatCommandPage(command, version)] as const),
  ])
}
