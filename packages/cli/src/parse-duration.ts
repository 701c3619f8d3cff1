import { EXIT } from './exit-code.ts'
import { Problem } from './problem.ts'

const SECONDS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
])

/** Milliseconds: `90s`, `10m`, `2h`. */
export const parseDuration = (option: string, text: string): number => {
  const [, amount = '', unit = ''] = /^(\d+)([smh])$/.exec(text.trim()) ?? []
  if (amount === '') throw new Problem(`${option} ${text}: write a time as 90s, 10m or 2h`, EXIT.usage)
  return Number(amount) * (SECONDS.get(unit) ?? NaN) * 1000
}
