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
