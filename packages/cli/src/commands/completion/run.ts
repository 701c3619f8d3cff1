import tabtab, { type SupportedShell } from '@pnpm/tabtab'
import type { DiscoveredClouds, Provider, ProviderCloud } from '@imago/provider-kit'
import type { ArgumentDeclaration } from '../../command-line/argument.ts'
import type { AnyCommand } from '../../command-line/command.ts'
import { formatFlag, type Completion, type OptionDeclaration } from '../../command-line/option.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { Output } from '../../output/stream.ts'

/** The shells with completion scripts. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

/** `imago completion SHELL`: prints a script for the shell to source. The script calls `imago completion-server`. */
export const completion = async (shell: SupportedShell, output: Output): Promise<ExitCode> => {
  output.write(await tabtab.getCompletionScript({ name: 'imago', completer: 'imago', shell }))
  await output.end()
  return EXIT.done
}

/** Looks up configured clouds, providers and services. Called only if one may follow. */
export type KnownNames = Readonly<Record<Completion, () => readonly string[]>>

/** The spellings of an option: one, or two as `--deprecated` and `--no-deprecated`. */
const formatFlags = (name: string, { kind }: OptionDeclaration<unknown>): readonly string[] => {
  const flag = formatFlag(name)
  const negated = `--no-${flag.slice(2)}`
  return kind === 'renamed' ? [] : kind === 'negation' ? [negated] : kind === 'either' ? [flag, negated] : [flag]
}

const findChoices = ({ options }: AnyCommand, word: string, known: KnownNames): readonly string[] | null => {
  const option = Object.entries(options).find(
    ([name, one]) => one.kind !== 'renamed' && (formatFlag(name) === word || `-${one.short}` === word),
  )?.[1]
  if (option === undefined || option.placeholder === null) return null
  return option.choices ?? (option.completes === null ? [] : known[option.completes]())
}

/** The completions of an argument. */
const wordsFor = ({ completes, choices }: ArgumentDeclaration<unknown>, { clouds }: KnownNames): readonly string[] => {
  switch (completes) {
    case 'clouds':
      return clouds()
    case 'images':
      return clouds().map((name) => `${name}:`)
    case 'files':
      return choices ?? []
  }
}

/** `help` is not among the declared commands. */
const HELP = 'help'

/** The completions of `last`: choices of the preceding option, else options, commands, clouds or an argument's choices. Empty: the shell completes files. */
export const completions = (
  commands: readonly AnyCommand[],
  words: readonly string[],
  last: string,
  known: KnownNames,
): readonly string[] => {
  const called = words.find((word, index) => index > 0 && !word.startsWith('-'))
  const command = commands.find(({ name }) => name === called)
  const names = [...commands.filter(({ group }) => group !== null).map(({ name }) => name), HELP]
  if (command === undefined) return last.startsWith('-') ? ['--version', '--help'] : names
  const choices = findChoices(command, words.at(-1) ?? '', known)
  if (choices !== null) return choices
  if (last.startsWith('-'))
    return [...Object.entries(command.options).flatMap(([name, option]) => formatFlags(name, option)), '--help']
  return Object.values(command.arguments).flatMap((argument) => wordsFor(argument, known))
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

/** Prints completions. The shell passes the typed words in environment variables. */
export const completionServer = (
  commands: readonly AnyCommand[],
  { providers, discovered }: { readonly providers: readonly Provider[]; readonly discovered: DiscoveredClouds },
): ExitCode => {
  const environment = tabtab.parseEnv(process.env)
  if (!environment.complete) return EXIT.usage
  const words = environment.line.slice(0, environment.point).trim().split(/\s+/)
  const typed = environment.lastPartial === '' ? words : words.slice(0, -1)
  const found = completions(commands, typed, environment.lastPartial, {
    clouds: () => cloudNames(discovered.clouds),
    providers: () => providers.map(({ name }) => name),
    services: () => [...new Set(providers.flatMap(({ services }) => services))],
  })
  const shell = tabtab.getShellFromEnv(process.env)
  if (found.length === 0) tabtab.logFiles()
  else tabtab.log([...found], shell)
  return EXIT.done
}
