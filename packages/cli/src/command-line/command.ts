import type { ExitCode } from '../exit-code.ts'
import type { ArgumentDeclarations, ArgumentsOf } from './argument.ts'
import type { OptionDeclarations, OptionsOf } from './option.ts'

/** The headings of `imago --help`, in their order. */
export const COMMAND_GROUPS = [
  'Look:',
  'Decide:',
  'Change:',
  'Transfer:',
  'Clouds:',
  'Saved images:',
  'Reference:',
] as const
export type CommandGroup = (typeof COMMAND_GROUPS)[number]

/** What a command can know of the command line that it is a part of. */
export interface CommandLine {
  readonly commands: readonly AnyCommand[]
}

/** All that there is to know of a command without running it. `run` loads what the command needs. */
export interface CommandDeclaration<A extends ArgumentDeclarations, O extends OptionDeclarations> {
  readonly name: string
  /** `null`: the help does not list it, and it takes what it is given. */
  readonly group: CommandGroup | null
  readonly summary: string
  readonly arguments: A
  readonly options: O
  /** Command lines that can be typed as they are. */
  readonly examples: readonly string[]
  readonly run: (given: ArgumentsOf<A>, options: OptionsOf<O>, commandLine: CommandLine) => Promise<ExitCode>
}

/** A command among others, whose types nobody needs any more. */
export type AnyCommand = CommandDeclaration<ArgumentDeclarations, OptionDeclarations>

/** Declares a command: what `run` is given has the types of its arguments and options. */
export const defineCommand = <const A extends ArgumentDeclarations, const O extends OptionDeclarations>(
  declaration: CommandDeclaration<A, O>,
): AnyCommand =>
  // Only the parser calls `run`, and gives it what was declared.
  declaration as unknown as AnyCommand
