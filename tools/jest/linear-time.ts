import { expect } from '@jest/globals'
import tier from './tier.cjs'

/** Texts that cause backtracking if they are long: each repetition restarts a match that has just failed. */
export const PUMPS: readonly string[] = [
  'a-',
  's3://a:',
  's3://a:b',
  '://',
  'x://',
  '//',
  '/',
  '/v1',
  '.0',
  '0',
  '9',
  '1.',
  '-',
  '_',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\u00a0',
  '=',
  'k=v, ',
  "k='v', ",
  'k="',
  '"',
  "'",
  '\\',
  '\\"',
  '\\u0041',
  '\\x41',
  '\\\\',
  '<',
  '<!--',
  '<script',
  '<style>',
  '<br',
  '<title>',
  '<h1 ',
  '<hr ',
  '&',
  '&#',
  '&#x4',
  '&amp;',
  '%',
  '%25',
  '%4',
  '%(',
  '%(a',
  '+',
  'token',
  'token ',
  'token=',
  'password: "',
  'Failed validating',
  'secret\t',
  'eyJ-',
  'eyJhbGciOi.',
  'gAAAA-',
  'bearer ',
  'basic ',
  '?a=',
  '?',
  '&sig=',
  '@',
  'a@',
  ':',
  ';',
  ',',
  '(',
  ')',
  ',(',
  '[',
  ']',
  '{',
  '{"a":',
  '[[',
  '- ',
  '#',
  'null',
  'é',
  '\u0301',
  '😀',
  '👩‍👩‍👧‍👦',
  '\ud800',
  '\u001b[31m',
  'W/"',
  'sha512:',
  '0123456789abcdef',
  'GMT ',
  'Z',
]

/** Text before and after the repetitions: it determines how a pattern fails. */
const ENDS: readonly (readonly [before: string, behind: string])[] = [
  ['', ''],
  ['s3://a:', '@'],
  ['"', '\u0000x'],
]

const SMALL = 1_000
const TIMES = 32
/** For 32 times the text, linear time grows by 32 and quadratic time by 1,024: the limit in between tolerates a busy machine. */
const MAX_GROWTH = 8 * TIMES
/** Shorter times cannot be measured. */
const FLOOR_MS = 0.5

const ofLength = (pump: string, length: number): string => pump.repeat(Math.ceil(length / pump.length))

/** Returns the CPU time of this process in milliseconds, which other load does not affect. The best of three runs. */
const measureTime = (work: () => void): number => {
  let best = Number.POSITIVE_INFINITY
  for (let time = 0; time < 3; time++) {
    const start = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(start)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

/** Requires `read` to need at most about 32 times the work for 32 times the text, for any repeated text. Exceptions of `read` are ignored. */
export const expectLinear = (read: (text: string) => unknown, pumps: readonly string[] = PUMPS): void => {
  const run = (text: string): void => {
    try {
      read(text)
    } catch {
      // Rejections must also be fast.
    }
  }
  const slow: string[] = []
  // The short tier tests every eighth text, with the ends that make most patterns fail.
  for (const pump of tier.isComplete ? pumps : pumps.filter((_, index) => index % 8 === 0)) {
    for (const [before, behind] of tier.isComplete ? ENDS : ENDS.slice(-1)) {
      const [small, large] = [SMALL, SMALL * TIMES].map((length) => `${before}${ofLength(pump, length)}${behind}`)
      const allowed =
        MAX_GROWTH *
        Math.max(
          FLOOR_MS,
          measureTime(() => run(small ?? '')),
        )
      // The first run is almost always far below the limit.
      const start = process.cpuUsage()
      run(large ?? '')
      const { user, system } = process.cpuUsage(start)
      if ((user + system) / 1000 > allowed && measureTime(() => run(large ?? '')) > allowed)
        slow.push(`${JSON.stringify(before)} ${JSON.stringify(pump)}… ${JSON.stringify(behind)}`)
    }
  }
  expect(slow).toEqual([])
}
