import tabtab, { type SupportedShell } from '@pnpm/tabtab'
import { findClouds, type Surroundings } from '@imago/config'
import type { Argument, Command } from 'commander'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { Output } from '../../output/stream.ts'

/** The shells that the completion is made for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

/** `imago completion SHELL`: a script that the shell sources; it asks `imago completion-server` for the words. */
export const completion = async (shell: SupportedShell, output: Output): Promise<ExitCode> => {
  output.write(await tabtab.getCompletionScript({ name: 'imago', completer: 'imago', shell }))
  await output.end()
  return EXIT.done
}

/** Names the configured clouds. Called only where one may follow. */
export type CloudNames = () => readonly string[]

const choicesOf = (command: Command, word: string, clouds: CloudNames): readonly string[] | null => {
  const option = command.options.find((one) => one.long === word || one.short === word)
  if (option === undefined || option.isBoolean()) return null
  return option.argChoices ?? (option.long === '--cloud' ? clouds() : [])
}

/** What may stand for an argument, by its name. */
const wordsFor = (argument: Argument, clouds: CloudNames): readonly string[] => {
  switch (argument.name()) {
    case 'cloud':
    case 'clouds':
      return clouds()
    case 'image':
    case 'images':
    case 'from-and-to':
    case 'cloud:':
      return clouds().map((name) => `${name}:`)
    default:
      return argument.argChoices ?? []
  }
}

/** The words that may follow: a choice of the option before, else options, commands, clouds and an argument's choices. Empty: the shell offers files. */
export const completions = (program: Command, words: readonly string[], last: string, clouds: CloudNames): readonly string[] => {
  const name = words.find((word, index) => index > 0 && !word.startsWith('-'))
  const command = program.commands.find((one) => one.name() === name) ?? program
  const choices = choicesOf(command, words.at(-1) ?? '', clouds)
  if (choices !== null) return choices
  const visibleCommands = program.commands.filter((one) => one.name() !== 'completion-server')
  if (last.startsWith('-')) return [...command.options.flatMap((one) => one.long ?? []), '--help']
  if (command === program) return visibleCommands.map((one) => one.name())
  return command.registeredArguments.flatMap((argument) => wordsFor(argument, clouds))
}

/** As one may type them: with the provider where two have the name, and each region of a cloud that has several. */
export const cloudNames = (surroundings: Surroundings): readonly string[] => {
  const { clouds } = findClouds(surroundings)
  return clouds.flatMap(({ provider, name, regions }) => {
    const shared = clouds.some((other) => other.name === name && other.provider !== provider)
    const word = shared ? `${provider}/${name}` : name
    const inRegions = regions.length > 1 ? regions.flatMap((region) => (region.name === null ? [] : [`${word}@${region.name}`])) : []
    return [word, ...inRegions]
  })
}

/** Answers the shell, which tells what was typed in its environment. */
export const completionServer = (program: Command, surroundings: Surroundings): ExitCode => {
  const environment = tabtab.parseEnv(process.env)
  if (!environment.complete) return EXIT.usage
  const words = environment.line.slice(0, environment.point).trim().split(/\s+/)
  const typed = environment.lastPartial === '' ? words : words.slice(0, -1)
  const found = completions(program, typed, environment.lastPartial, () => cloudNames(surroundings))
  const shell = tabtab.getShellFromEnv(process.env)
  if (found.length === 0) tabtab.logFiles()
  else tabtab.log([...found], shell)
  return EXIT.done
}
