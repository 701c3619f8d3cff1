import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'

/** `key=value` of an option that may be given several times; the last of a key wins. */
export const parseEntries = (option: string, words: readonly string[] = []): Readonly<Record<string, string>> => {
  const entries = new Map<string, string>()
  for (const word of words) {
    const at = word.indexOf('=')
    if (at < 1) throw new Problem(`${option} ${word}: write it as key=value`, EXIT.usage)
    entries.set(word.slice(0, at), word.slice(at + 1))
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

/** Bytes: `20GiB`, `512 MiB`, `1073741824 B`. A number alone is refused: clients of clouds mean gigabytes by it, or megabytes, or bytes. */
export const parseSize = (option: string, text: string): number => {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? []
  if (amount !== '' && unit === '')
    throw new Problem(`${option} ${text}: a size needs a unit. Write ${amount}GB or ${amount}GiB`, EXIT.usage)
  const bytes = Number(amount) * (UNITS.get(unit.toUpperCase()) ?? NaN)
  if (amount === '' || !Number.isSafeInteger(Math.round(bytes)))
    throw new Problem(`${option} ${text}: write a size as 10GB, 10GiB or 512MiB`, EXIT.usage)
  return Math.round(bytes)
}
