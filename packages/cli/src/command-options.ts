import { InvalidArgumentError, Option } from 'commander'

const gathered = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** An option that may be given several times: its value is the list of them. */
export const several = (flags: string, description: string): Option => new Option(flags, description).argParser(gathered)

/** The same, of these values only. */
export const severalOf = (flags: string, description: string, choices: readonly string[]): Option =>
  new Option(flags, description).argParser((value: string, before: readonly string[] | undefined): readonly string[] => {
    if (!choices.includes(value)) throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`)
    return gathered(value, before)
  })

/** An option that has another name by now: it is refused, with the name. */
export const renamedOption = (flags: string, now: string): Option =>
  new Option(flags, `use ${now}`)
    .argParser((value: string) => {
      throw new InvalidArgumentError(`Use ${now} ${value}.`)
    })
    .hideHelp()

export const format = (choices: readonly string[], preset = 'table'): Option => new Option('-o, --output <format>', 'how to print').choices(choices).default(preset)
