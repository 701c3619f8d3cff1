import tabtab, { type SupportedShell } from '@pnpm/tabtab'
import type { Command } from 'commander'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { Output } from '../output/stream.ts'

/** The shells that the completion is made for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

/** `imago completion SHELL`: a script that the shell sources; it asks `imago completion-server` for the words. */
export const completion = async (shell: SupportedShell, output: Output): Promise<ExitCode> => {
  output.write(await tabtab.getCompletionScript({ name: 'imago', completer: 'imago', shell }))
  await output.end()
  return EXIT.done
}

const choicesOf = (command: Command, word: string): readonly string[] | null => {
  const option = command.options.find((one) => one.long === word || one.short === word)
  if (option === undefined || option.isBoolean()) return null
  return option.argChoices ?? []
}

/** The words that may follow: a choice of the option before, else options, commands and an argument's choices. Empty: the shell offers files. */
export const completions = (program: Command, words: readonly string[], last: string): readonly string[] => {
  const name = words.find((word, index) => index > 0 && !word.startsWith('-'))
  const command = program.commands.find((one) => one.name() === name) ?? program
  const choices = choicesOf(command, words.at(-1) ?? '')
  if (choices !== null) return choices
  const visibleCommands = program.commands.filter((one) => one.name() !== 'completion-server')
  if (last.startsWith('-')) return [...command.options.flatMap((one) => one.long ?? []), '--help']
  if (command === program) return visibleCommands.map((one) => one.name())
  return command.registeredArguments.flatMap((argument) => argument.argChoices ?? [])
}

/** Answers the shell, which tells what was typed in its environment. */
export const completionServer = (program: Command): ExitCode => {
  const environment = tabtab.parseEnv(process.env)
  if (!environment.complete) return EXIT.usage
  const words = environment.line.slice(0, environment.point).trim().split(/\s+/)
  const typed = environment.lastPartial === '' ? words : words.slice(0, -1)
  const found = completions(program, typed, environment.lastPartial)
  const shell = tabtab.getShellFromEnv(process.env)
  if (found.length === 0) tabtab.logFiles()
  else tabtab.log([...found], shell)
  return EXIT.done
}
