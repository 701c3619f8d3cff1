import type { ArgumentDeclaration } from './argument.ts'
import { COMMAND_GROUPS, type AnyCommand } from './command.ts'
import { formatFlag, type OptionDeclaration } from './option.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

const argumentText = ({ display, isRequired, isList }: ArgumentDeclaration<unknown>): string => {
  const name = `${display}${isList ? '...' : ''}`
  return isRequired ? `<${name}>` : `[${name}]`
}

const flagsText = (name: string, { kind, short, placeholder }: OptionDeclaration<unknown>): string => {
  const flag = formatFlag(name)
  const negated = `--no-${flag.slice(2)}`
  const value = placeholder === null ? '' : ` ${placeholder}`
  const long = kind === 'negation' ? negated : `${flag}${value}`
  return [...(short === null ? [] : [`-${short}`]), long, ...(kind === 'either' ? [negated] : [])]
    .map((one) => `\`${cell(one)}\``)
    .join(', ')
}

const meaningText = ({ kind, summary, negated, choices, preset, isRequired }: OptionDeclaration<unknown>): string => {
  const details = [
    ...(choices === null || kind === 'optional' ? [] : [`one of: ${choices.join(', ')}`]),
    ...(preset === null ? [] : [`default: ${preset}`]),
    ...(isRequired ? ['required'] : []),
  ]
  return cell(
    `${summary}${negated === null ? '' : `; ${negated}`}${details.length === 0 ? '' : ` (${details.join('; ')})`}`,
  )
}

const table = (title: string, rows: readonly string[]): readonly string[] =>
  rows.length === 0 ? [] : [`| ${title} | meaning |`, '|---|---|', ...rows, '']

const formatSection = ({ name, summary, arguments: declared, options, examples }: AnyCommand): readonly string[] => {
  const args = Object.values(declared)
  const shown = Object.entries(options).filter(([, { kind }]) => kind !== 'renamed')
  const groups = [...new Set(shown.map(([, { group }]) => group))]
  return [
    `### imago ${name}`,
    '',
    `\`imago ${[name, ...(shown.length === 0 ? [] : ['[options]']), ...args.map(argumentText)].join(' ')}\`: ${summary}.`,
    '',
    ...table(
      'argument',
      args.map(
        (one) =>
          `| \`${argumentText(one)}\` | ${cell(`${one.summary}${one.choices === null ? '' : ` (one of: ${one.choices.join(', ')})`}`)} |`,
      ),
    ),
    ...groups.flatMap((group) =>
      table(
        group === null ? 'option' : group.replace(/:$/, ''),
        shown
          .filter(([, option]) => option.group === group)
          .map(([key, option]) => `| ${flagsText(key, option)} | ${meaningText(option)} |`),
      ),
    ),
    ...(examples.length === 0 ? [] : ['```sh', ...examples, '```', '']),
  ]
}

/** The help of all commands as one Markdown document. */
export const formatReference = (commands: readonly AnyCommand[]): string =>
  COMMAND_GROUPS.flatMap((group) => [
    `## ${group.replace(/:$/, '')}`,
    '',
    ...commands.filter((command) => command.group === group).flatMap(formatSection),
  ]).join('\n')
