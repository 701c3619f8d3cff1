import { toIssues, type Issue } from '@imago/codec'
import { isJsonObject } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { parseJson } from '../plan/parse-json.ts'
import { readPlan } from '../plan/read-plan.ts'
import { findIncoherence } from './coherence.ts'
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

/** The version before epochs. */
const WITHOUT_EPOCHS = 2

const parseLine = (text: string): E.Either<string, Line> => {
  const parsed = parseJson(text)
  if (E.isLeft(parsed)) return E.left(parsed.left.replace(/:.*$/s, ''))
  const value = parsed.right
  if (!isJsonObject(value)) return E.left('is not a JSON object')
  const version = value['v']
  if (version !== JOURNAL_VERSION && version !== WITHOUT_EPOCHS)
    return E.left(
      `has version ${typeof version === 'number' ? version : 'unknown'}, but this imago reads only ${WITHOUT_EPOCHS} and ${JOURNAL_VERSION}`,
    )
  const stamp = Stamp.decode(version === WITHOUT_EPOCHS ? { ...value, epoch: 0 } : value)
  if (E.isLeft(stamp)) return E.left(formatInvalid(toIssues(stamp.left)))
  return E.map((entry: Entry): Line => ({ v: version, at: stamp.right.at, epoch: stamp.right.epoch, ...entry }))(
    parseEntry(value),
  )
}

const parseAll = (texts: readonly string[]): E.Either<string, readonly Line[]> => {
  const lines: Line[] = []
  for (const [index, text] of texts.entries()) {
    const line = parseLine(text)
    if (E.isLeft(line)) return E.left(`line ${index + 1} ${line.left}`)
    lines.push(line.right)
  }
  return E.right(lines)
}

/** Without lines of an owner that was fenced when they were written. */
const dropFenced = (lines: readonly Line[]): readonly Line[] => {
  let epoch = 0
  return lines.filter((line) => {
    epoch = Math.max(epoch, line.epoch)
    return line.epoch === epoch
  })
}

/** Parses the lines of the journal of `run`. All must be of that run. Left: the reason why it is invalid. */
export const parseEntries = (run: string, texts: readonly string[]): E.Either<string, readonly Line[]> => {
  const lines = parseAll(texts)
  if (E.isLeft(lines)) return lines
  const wrong = findIncoherence(run, lines.right)
  return wrong === null ? E.right(dropFenced(lines.right)) : E.left(wrong)
}

/** Splits a journal. A last line without its end is left out. */
export const splitLines = (bytes: Buffer): { readonly texts: readonly string[]; readonly whole: number } => {
  const whole = bytes.lastIndexOf(0x0a) + 1
  return { texts: bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1), whole }
}

/** Parses a file with the journal of `run`. Left: the reason why it is invalid. */
export const parseJournal = (run: string, bytes: Buffer): E.Either<string, ParsedJournal> => {
  const { texts, whole } = splitLines(bytes)
  return E.map((lines: readonly Line[]): ParsedJournal => ({ lines, whole }))(parseEntries(run, texts))
}

/** The epoch of the next taking of a run with these lines. */
export const nextEpoch = (lines: readonly Line[]): number => (lines.at(-1)?.epoch ?? 0) + 1
