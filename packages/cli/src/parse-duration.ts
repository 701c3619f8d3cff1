import { EXIT } from './exit-code.ts'
import { Problem } from './problem.ts'

const SECONDS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
])

/** Parses `90s`, `10m` or `2h` to milliseconds. Zero is invalid: it leaves no time for the work, and no pause between requests. */
export const parseDuration = (option: string, text: string): number => {
  const [, amount = '', unit = ''] = /^(\d+)([smh])$/.exec(text.trim()) ?? []
  const isZero = amount !== '' && Number(amount) === 0
  if (amount === '' || isZero)
    throw new Problem(
      `${option}: invalid value ${JSON.stringify(text)}${isZero ? ': no time' : ''}. Use a time such as 90s, 10m or 2h`,
      EXIT.usage,
    )
  return Number(amount) * (SECONDS.get(unit) ?? NaN) * 1000
}
