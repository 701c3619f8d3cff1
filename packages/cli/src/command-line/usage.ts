import type { ArgumentDeclaration } from './argument.ts'
import { rankHeading } from './headings.ts'
import { formatFlag, type OptionDeclaration } from './option.ts'

/** An argument in a synopsis: `<images...>`, `[file]`. */
export const formatArgument = ({ display, isRequired, isList }: ArgumentDeclaration<unknown>): string => {
  const name = `${display}${isList ? '...' : ''}`
  return isRequired ? `<${name}>` : `[${name}]`
}

/** The meaning of an argument, with its choices. */
export const describeArgument = ({ summary, choices }: ArgumentDeclaration<unknown>): string =>
  `${summary}${choices === null ? '' : ` (one of: ${choices.join(', ')})`}`

/** A spelling of an option, and its value: `--output` and `<format>`. */
export interface Spelling {
  readonly flag: string
  readonly value: string | null
}

/** The spellings of an option: `-o`, `--output <format>`; `--deprecated`, `--no-deprecated`. */
export const listSpellings = (
  name: string,
  { kind, short, placeholder }: OptionDeclaration<unknown>,
): readonly Spelling[] => {
  const flag = formatFlag(name)
  const negated: Spelling = { flag: `--no-${flag.slice(2)}`, value: null }
  return [
    ...(short === null ? [] : [{ flag: `-${short}`, value: null }]),
    kind === 'negation' ? negated : { flag, value: placeholder },
    ...(kind === 'either' ? [negated] : []),
  ]
}

/** The meaning of an option, with its choices and its default; for an option that is written either way, of its positive form. */
export const describePositive = ({
  kind,
  summary,
  choices,
  preset,
  isRequired,
}: OptionDeclaration<unknown>): string => {
  const details = [
    ...(choices === null || kind === 'optional' ? [] : [`one of: ${choices.join(', ')}`]),
    ...(preset === null ? [] : [`default: ${preset}`]),
    ...(isRequired ? ['required'] : []),
  ]
  return `${summary}${details.length === 0 ? '' : ` (${details.join('; ')})`}`
}

/** The meaning of an option, with its choices and its default. */
export const describeOption = (option: OptionDeclaration<unknown>): string =>
  `${describePositive(option)}${option.negated === null ? '' : `; ${option.negated}`}`

/** The options in the order of the help: by heading, then as declared. */
export const sortOptions = (
  options: Readonly<Record<string, OptionDeclaration<unknown>>>,
): readonly (readonly [name: string, option: OptionDeclaration<unknown>])[] =>
  Object.entries(options).toSorted(([, one], [, other]) => rankHeading(one.group) - rankHeading(other.group))

/** The options that the help lists. */
export const listedOptions = (
  options: Readonly<Record<string, OptionDeclaration<unknown>>>,
): readonly (readonly [name: string, option: OptionDeclaration<unknown>])[] =>
  sortOptions(options).filter(([, { kind }]) => kind !== 'renamed')

/** The headings of options, in order; `null`: options without a heading. */
export const listGroups = (
  options: readonly (readonly [name: string, option: OptionDeclaration<unknown>])[],
): readonly (string | null)[] => [...new Set(options.map(([, { group }]) => group))]
