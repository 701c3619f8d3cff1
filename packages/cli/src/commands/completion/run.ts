import tabtab, { type SupportedShell } from '@pnpm/tabtab'
import type { DiscoveredClouds, Provider, ProviderCloud } from '@imago/provider-kit'
import type { ArgumentDeclaration } from '../../command-line/argument.ts'
import type { AnyCommand } from '../../command-line/command.ts'
import { formatFlag, type Completion, type OptionDeclaration } from '../../command-line/option.ts'
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

/** Names the configured clouds, the providers, and the services of all of them. Called only where one may follow. */
export type KnownNames = Readonly<Record<Completion, () => readonly string[]>>

/** An option as it is typed: `--no-header` and `--header` are two. */
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

/** What may stand for an argument. */
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

/** `help`, which the parser has of its own. */
const HELP = 'help'

/** The words that may follow: a choice of the option before, else options, commands, clouds and an argument's choices. Empty: the shell offers files. */
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

/** As one may type them: with the provider where two have the name, and each region of a cloud that has several. */
export const cloudNames = (clouds: readonly ProviderCloud[]): readonly string[] => {
  const words = clouds.flatMap(({ provider, name, region }) => {
    const shared = clouds.some((other) => other.name === name && other.provider !== provider)
    const regions = clouds.filter((other) => other.name === name && other.provider === provider)
    const word = shared ? `${provider}/${name}` : name
    return [word, ...(regions.length > 1 && region !== null ? [`${word}@${region}`] : [])]
  })
  return [...new Set(words)]
}

/** Answers the shell, which tells what was typed in its environment. */
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
