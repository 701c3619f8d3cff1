import type { ExitCode } from '../exit-code.ts'
import type { ArgumentDeclarations, ArgumentsOf } from './argument.ts'
import type { OptionDeclarations, OptionsOf } from './option.ts'

/** The headings of `imago --help`, in order. */
export const COMMAND_GROUPS = [
  'Inspect images:',
  'Lifecycle:',
  'Change images:',
  'Transfer images:',
  'Pin images:',
  'Clouds:',
  'Saved images:',
  'Reference:',
] as const
export type CommandGroup = (typeof COMMAND_GROUPS)[number]

/** The summaries of commands that have subcommands. The name of a subcommand begins with the name of its command: `fleet submit`. */
export const PARENT_SUMMARIES: Readonly<Record<string, string>> = {
  fleet: 'run transfers and inventories with workers that share a PostgreSQL database',
}

/** The command of a subcommand, and its own name; `parent`: `null`: it is no subcommand. */
export const splitName = (name: string): { readonly parent: string | null; readonly own: string } => {
  const [first = '', second] = name.split(' ')
  return second === undefined ? { parent: null, own: first } : { parent: first, own: second }
}

/** The declarations that words call, by their first words: one, all subcommands of a command, or none. */
export const findCalled = <C extends { readonly name: string }>(
  commands: readonly C[],
  [first, second]: readonly string[],
): readonly C[] => {
  const exact = commands.filter(({ name }) => name === first || name === `${first} ${second}`)
  return exact.length > 0 ? exact : commands.filter(({ name }) => splitName(name).parent === first)
}

/** The command line that a command belongs to. */
export interface CommandLine {
  readonly commands: readonly AnyCommand[]
}

/** A command: parser, help, completion, reference and man page derive from its declaration. `run` loads its code. */
export interface CommandDeclaration<A extends ArgumentDeclarations, O extends OptionDeclarations> {
  readonly name: string
  /** `null`: the help does not list the command, and its options are not checked. */
  readonly group: CommandGroup | null
  readonly summary: string
  readonly arguments: A
  readonly options: O
  /** Complete command lines. */
  readonly examples: readonly string[]
  readonly run: (given: ArgumentsOf<A>, options: OptionsOf<O>, commandLine: CommandLine) => Promise<ExitCode>
}

/** A command without the types of its arguments and options. */
export type AnyCommand = CommandDeclaration<ArgumentDeclarations, OptionDeclarations>

/** Declares a command. The parameters of `run` have the types of its arguments and options. */
export const defineCommand = <const A extends ArgumentDeclarations, const O extends OptionDeclarations>(
  declaration: CommandDeclaration<A, O>,
): AnyCommand =>
  // Sound because only the parser calls `run`, with the declared arguments and options.
  declaration as unknown as AnyCommand
