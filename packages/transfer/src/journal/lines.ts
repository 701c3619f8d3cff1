import { isJsonObject } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { readPlan } from '../plan/read-plan.ts'
import { JOURNAL_VERSION, type Entry, type Line } from './entry.ts'

const ENTRIES: ReadonlySet<string> = new Set<Entry['entry']>(['begun', 'step', 'found', 'synced', 'ready', 'discarded', 'creating', 'sending', 'sent', 'verified', 'removed', 'failed', 'done'])

/** What the bytes of a journal say. */
export interface Journalled {
  readonly lines: readonly Line[]
  /** Bytes of the lines that are whole. What follows was being written when the process ended. */
  readonly whole: number
}

export const lineText = (line: Line): string => `${JSON.stringify(line)}\n`

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const lineOf = (text: string): E.Either<string, Line> => {
  const value = parsed(text)
  if (!isJsonObject(value)) return E.left('is no JSON object')
  if (value['v'] !== JOURNAL_VERSION) return E.left(`is of version ${JSON.stringify(value['v'])}, and this imago reads ${JOURNAL_VERSION}`)
  if (typeof value['at'] !== 'string' || typeof value['entry'] !== 'string' || !ENTRIES.has(value['entry'])) return E.left('is no entry of a journal')
  if (value['entry'] === 'begun' && E.isLeft(readPlan(value['plan']))) return E.left('holds no plan')
  return E.right(value as unknown as Line)
}

/** Reads the bytes of a journal. A last line without its end is torn, and left out. Left: what is wrong, in words. */
export const linesOf = (bytes: Buffer): E.Either<string, Journalled> => {
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
