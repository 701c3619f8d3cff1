import { toIssues, type Issue } from '@imago/codec'
import { isJsonObject } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { parseJson } from '../plan/parse-json.ts'
import { readPlan } from '../plan/read-plan.ts'
import { JOURNAL_VERSION, type Entry, type Line } from './entry.ts'
import { ENTRY_CODECS, Stamp } from './entry-codec.ts'

/** The lines of a journal. */
export interface ParsedJournal {
  readonly lines: readonly Line[]
  /** Number of bytes in complete lines. The rest was being written when the process ended. */
  readonly whole: number
}

export const formatLine = (line: Line): string => `${JSON.stringify(line)}\n`

/** The first invalid value, without its content, which is untrusted. */
const formatInvalid = ([issue]: readonly Issue[]): string => {
  return issue === undefined ? 'is not valid' : `${issue.pointer}: expected ${issue.expected}, got ${issue.got}`
}

const isEntryName = (name: unknown): name is keyof typeof ENTRY_CODECS =>
  typeof name === 'string' && Object.hasOwn(ENTRY_CODECS, name)

const parseEntry = (value: Readonly<Record<string, unknown>>): E.Either<string, Entry> => {
  const name = value['entry']
  if (name === 'started') {
    const plan = readPlan(value['plan'])
    return E.isLeft(plan)
      ? E.left(
          `has an invalid plan: ${plan.left._tag === 'DecodeFailed' && plan.left.issues.length > 0 ? formatInvalid(plan.left.issues) : plan.left.what}`,
        )
      : E.right({ entry: 'started', plan: plan.right })
  }
  if (!isEntryName(name)) return E.left('has an unknown entry')
  const codec: t.Decoder<unknown, Entry> = ENTRY_CODECS[name]
  return E.mapLeft((errors: t.Errors) => `(${name}) ${formatInvalid(toIssues(errors))}`)(codec.decode(value))
}

const parseLine = (text: string): E.Either<string, Line> => {
  const parsed = parseJson(text)
  if (E.isLeft(parsed)) return E.left(parsed.left.replace(/:.*$/s, ''))
  const value = parsed.right
  if (!isJsonObject(value)) return E.left('is not a JSON object')
  if (value['v'] !== JOURNAL_VERSION)
    return E.left(
      `has version ${typeof value['v'] === 'number' ? value['v'] : 'unknown'}, but this imago reads only ${JOURNAL_VERSION}`,
    )
  const stamp = Stamp.decode(value)
  if (E.isLeft(stamp)) return E.left(formatInvalid(toIssues(stamp.left)))
  return E.map((entry: Entry): Line => ({ v: JOURNAL_VERSION, at: stamp.right.at, ...entry }))(parseEntry(value))
}

/** Parses a journal. A last line without its end is left out. Left: the reason why it is invalid. */
export const parseLines = (bytes: Buffer): E.Either<string, ParsedJournal> => {
  const whole = bytes.lastIndexOf(0x0a) + 1
  const lines: Line[] = []
  const texts = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1)
  for (const [index, text] of texts.entries()) {
    const line = parseLine(text)
    if (E.isLeft(line)) return E.left(`line ${index + 1} ${line.left}`)
    lines.push(line.right)
  }
  return E.right({ lines, whole })
}
