import type { ProviderCloud } from '@imago/provider-kit'
import { basename } from 'node:path'
import type { ArgumentDeclaration } from '../../command-line/argument.ts'
import { findCalled, splitName, type AnyCommand } from '../../command-line/command.ts'
import { formatFlag, type Completion, type OptionDeclaration } from '../../command-line/option.ts'
import type { ProcessClouds } from '../../connect/configured-clouds.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { Output } from '../../output/stream.ts'

/** Looks up configured clouds, providers and services. Called only if one may follow. */
export type KnownNames = Readonly<Record<Completion, () => Promise<readonly string[]>>>

/** The spellings of an option: one, or two as `--deprecated` and `--no-deprecated`. */
const formatFlags = (name: string, { kind }: OptionDeclaration<unknown>): readonly string[] => {
  const flag = formatFlag(name)
  const negated = `--no-${flag.slice(2)}`
  return kind === 'renamed' ? [] : kind === 'negation' ? [negated] : kind === 'either' ? [flag, negated] : [flag]
}

const findChoices = async (
  { options }: AnyCommand,
  word: string,
  known: KnownNames,
): Promise<readonly string[] | null> => {
  const option = Object.entries(options).find(
    ([name, one]) => one.kind !== 'renamed' && (formatFlag(name) === word || `-${one.short}` === word),
  )?.[1]
  if (option === undefined || option.placeholder === null) return null
  return option.choices ?? (option.completes === null ? [] : known[option.completes]())
}

/** The completions of an argument. */
const wordsFor = async (
  { completes, choices }: ArgumentDeclaration<unknown>,
  { clouds }: KnownNames,
): Promise<readonly string[]> => {
  switch (completes) {
    case 'clouds':
      return clouds()
    case 'images':
      return (await clouds()).map((name) => `${name}:`)
    case 'files':
      return choices ?? []
  }
}

/** `help` is not among the declared commands. */
const HELP = 'help'

/** The completions of `last`: choices of the preceding option, else options, commands, clouds or an argument's choices. Empty: the shell completes files. */
export const completions = async (
  commands: readonly AnyCommand[],
  words: readonly string[],
  last: string,
  known: KnownNames,
): Promise<readonly string[]> => {
  const called = findCalled(
    commands,
    words.slice(1).filter((word) => !word.startsWith('-')),
  )
  const listed = commands.filter(({ group }) => group !== null).map(({ name }) => splitName(name))
  const names = [...new Set(listed.map(({ parent, own }) => parent ?? own)), HELP]
  const [command, ...others] = called
  if (command === undefined) return last.startsWith('-') ? ['--version', '--help'] : names
  if (others.length > 0) return last.startsWith('-') ? ['--help'] : called.map(({ name }) => splitName(name).own)
  const choices = await findChoices(command, words.at(-1) ?? '', known)
  if (choices !== null) return choices
  if (last.startsWith('-'))
    return [...Object.entries(command.options).flatMap(([name, option]) => formatFlags(name, option)), '--help']
  const argumentWords = await Promise.all(Object.values(command.arguments).map((argument) => wordsFor(argument, known)))
  return argumentWords.flat()
}

/** The names of clouds on the command line: with the provider if a name is ambiguous, and each region of a cloud with several. */
export const cloudNames = (clouds: readonly ProviderCloud[]): readonly string[] => {
  const words = clouds.flatMap(({ provider, name, region }) => {
    const shared = clouds.some((other) => other.name === name && other.provider !== provider)
    const regions = clouds.filter((other) => other.name === name && other.provider === provider)
    const word = shared ? `${provider}/${name}` : name
    return [word, ...(regions.length > 1 && region !== null ? [`${word}@${region}`] : [])]
  })
  return [...new Set(words)]
}

/** The names in the configuration of this process, which is read once, and only if a name may follow. */
const readNames = (): KnownNames => {
  const load = async (): Promise<ProcessClouds> => {
    const { configuredClouds } = await import('../../connect/configured-clouds.ts')
    return configuredClouds(process, {})
  }
  let loading: Promise<ProcessClouds> | null = null
  const read = (): Promise<ProcessClouds> => (loading ??= load())
  return {
    clouds: async () => cloudNames((await read()).discovered.clouds),
    providers: async () => (await read()).providers.map(({ name }) => name),
    services: async () => [...new Set((await read()).providers.flatMap(({ services }) => services))],
  }
}

/** The line with which the completion scripts let the shell complete files. */
const FILES = '__tabtab_complete_files__'

/** zsh reads a description after a colon. bash shows what it gets, so only completions of the last word are printed. */
const toLines = (found: readonly string[], shell: string, last: string): readonly string[] => {
  if (shell === 'zsh') return found.map((word) => word.replaceAll(':', String.raw`\:`))
  return shell === 'bash' ? found.filter((word) => word.startsWith(last)) : found
}

/**
 * Prints completions. The scripts of tabtab pass the typed words in `COMP_LINE`, and the position of the cursor in `COMP_POINT`. tabtab itself is not loaded:
 * it loads its installer, which takes longer than the rest.
 */
export const completionServer = async (
  commands: readonly AnyCommand[],
  { COMP_CWORD = '', COMP_LINE = '', COMP_POINT = '', SHELL = '' }: NodeJS.ProcessEnv,
  output: Output,
  known: KnownNames = readNames(),
): Promise<ExitCode> => {
  if (COMP_CWORD === '' || COMP_LINE === '' || COMP_POINT === '') return EXIT.usage
  const before = COMP_LINE.slice(0, Number(COMP_POINT))
  const words = before.trim().split(/\s+/)
  const last = before.split(' ').at(-1) ?? ''
  const found = await completions(commands, last === '' ? words : words.slice(0, -1), last, known)
  const lines = found.length === 0 ? [FILES] : toLines(found, basename(SHELL), COMP_LINE.split(' ').at(-1) ?? '')
  output.write(lines.map((line) => `${line}\n`).join(''))
  await output.end()
  return EXIT.done
}
