import { EXIT } from './exit-code.ts'
import { Problem } from './problem.ts'

const SECONDS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
])

/** Parses `90s`, `10m` or `2h` to milliseconds. */
export const parseDuration = (option: string, text: string): number => {
  const [, amount = '', unit = ''] = /^(\d+)([smh])$/.exec(text.trim()) ?? []
  if (amount === '')
    throw new Problem(`${option}: invalid value ${JSON.stringify(text)}. Use a time such as 90s, 10m or 2h`, EXIT.usage)
  return Number(amount) * (SECONDS.get(unit) ?? NaN) * 1000
}
