import { toIssues } from '@imago/codec'
import { isJsonObject } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { parseJson } from '../plan/parse-json.ts'
import { readPlan } from '../plan/read-plan.ts'
import { JOURNAL_VERSION, type Entry, type Line } from './entry.ts'
import { ENTRY_CODECS, Stamp } from './entry-codec.ts'

/** What the bytes of a journal say. */
export interface ParsedJournal {
  readonly lines: readonly Line[]
  /** Bytes of the lines that are whole. What follows was being written when the process ended. */
  readonly whole: number
}

export const formatLine = (line: Line): string => `${JSON.stringify(line)}\n`

/** The first thing that does not fit, without its value: what stands in a journal may be anybody's. */
const misfit = (errors: t.Errors): string => {
  const [issue] = toIssues(errors)
  return issue === undefined
    ? 'does not fit'
    : `${issue.pointer}: ${issue.expected} was expected, and there is ${issue.got}`
}

const isEntryName = (name: unknown): name is keyof typeof ENTRY_CODECS =>
  typeof name === 'string' && Object.hasOwn(ENTRY_CODECS, name)

const entryOf = (value: Readonly<Record<string, unknown>>): E.Either<string, Entry> => {
  const name = value['entry']
  if (name === 'started') {
    const plan = readPlan(value['plan'])
    return E.isLeft(plan)
      ? E.left(`holds no plan that can be carried out: ${plan.left.what}`)
      : E.right({ entry: 'started', plan: plan.right })
  }
  if (!isEntryName(name)) return E.left('is no entry of a journal')
  const codec: t.Decoder<unknown, Entry> = ENTRY_CODECS[name]
  return E.mapLeft((errors: t.Errors) => `(${name}) ${misfit(errors)}`)(codec.decode(value))
}

const lineOf = (text: string): E.Either<string, Line> => {
  const parsed = parseJson(text)
  if (E.isLeft(parsed)) return E.left(parsed.left.replace(/:.*$/s, ''))
  const value = parsed.right
  if (!isJsonObject(value)) return E.left('is no JSON object')
  if (value['v'] !== JOURNAL_VERSION)
    return E.left(
      `is of version ${typeof value['v'] === 'number' ? value['v'] : 'unknown'}, and this imago reads ${JOURNAL_VERSION}`,
    )
  const stamp = Stamp.decode(value)
  if (E.isLeft(stamp)) return E.left(misfit(stamp.left))
  return E.map((entry: Entry): Line => ({ v: JOURNAL_VERSION, at: stamp.right.at, ...entry }))(entryOf(value))
}

/** Reads the bytes of a journal. A last line without its end is torn, and left out. Left: what is wrong, in words. */
export const parseLines = (bytes: Buffer): E.Either<string, ParsedJournal> => {
  const whole = bytes.lastIndexOf(0x0a) + 1
  const lines: Line[] = []
  const texts = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1)
  for (const [index, text] of texts.entries()) {
    const line = lineOf(text)
    if (E.isLeft(line)) return E.left(`line ${index + 1} ${line.left}`)
    lines.push(line.right)
  }
  return E.right({ lines, whole })
}
