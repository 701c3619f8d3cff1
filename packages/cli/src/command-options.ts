import { Option } from 'commander'

const gathered = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** An option that may be given several times: its value is the list of them. */
export const several = (flags: string, description: string): Option => new Option(flags, description).argParser(gathered)

export const format = (choices: readonly string[], preset = 'table'): Option => new Option('-o, --output <format>', 'how to print').choices(choices).default(preset)
