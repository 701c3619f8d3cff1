import { COMMAND_GROUPS, type AnyCommand } from './command.ts'
import type { OptionDeclaration } from './option.ts'
import { describeArgument, describeOption, formatArgument, listedOptions, listGroups, listSpellings } from './usage.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

const formatFlags = (name: string, option: OptionDeclaration<unknown>): string =>
  listSpellings(name, option)
    .map(({ flag, value }) => `\`${cell(value === null ? flag : `${flag} ${value}`)}\``)
    .join(', ')

const table = (title: string, rows: readonly string[]): readonly string[] =>
  rows.length === 0 ? [] : [`| ${title} | meaning |`, '|---|---|', ...rows, '']

const formatSection = ({ name, summary, arguments: declared, options, examples }: AnyCommand): readonly string[] => {
  const args = Object.values(declared)
  const listed = listedOptions(options)
  return [
    `### imago ${name}`,
    '',
    `\`imago ${[name, ...(listed.length === 0 ? [] : ['[options]']), ...args.map(formatArgument)].join(' ')}\`: ${summary}.`,
    '',
    ...table(
      'argument',
      args.map((one) => `| \`${formatArgument(one)}\` | ${cell(describeArgument(one))} |`),
    ),
    ...listGroups(listed).flatMap((group) =>
      table(
        group === null ? 'option' : group.replace(/:$/, ''),
        listed
          .filter(([, option]) => option.group === group)
          .map(([key, option]) => `| ${formatFlags(key, option)} | ${cell(describeOption(option))} |`),
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
