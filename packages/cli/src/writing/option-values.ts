import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'

/** Parses the values of a repeated `key=value` option. The last value of a key wins. */
export const parseEntries = (option: string, words: readonly string[] = []): Readonly<Record<string, string>> => {
  const entries = new Map<string, string>()
  for (const word of words) {
    const at = word.indexOf('=')
    const key = word.slice(0, Math.max(at, 0))
    if (key.trim() === '')
      throw new Problem(`${option}: invalid value ${JSON.stringify(word)}. Use key=value`, EXIT.usage)
    entries.set(key, word.slice(at + 1))
  }
  return Object.fromEntries(entries)
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['KIB', 2 ** 10],
  ['MIB', 2 ** 20],
  ['GIB', 2 ** 30],
  ['TIB', 2 ** 40],
])

/** Parses a size to bytes: `20GiB`, `512 MiB`, `1073741824 B`. A unit is required, because the default units of cloud clients differ. */
export const parseSize = (option: string, text: string): number => {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? []
  if (amount !== '' && unit === '')
    throw new Problem(
      `${option}: invalid value ${JSON.stringify(text)}: no unit. Use ${amount}GB or ${amount}GiB`,
      EXIT.usage,
    )
  const bytes = Number(amount) * (UNITS.get(unit.toUpperCase()) ?? NaN)
  if (amount === '' || !Number.isSafeInteger(Math.round(bytes)))
    throw new Problem(
      `${option}: invalid value ${JSON.stringify(text)}. Use a size such as 10GB, 10GiB or 512MiB`,
      EXIT.usage,
    )
  return Math.round(bytes)
}
