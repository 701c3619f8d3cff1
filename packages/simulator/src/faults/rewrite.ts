import { isObject, type JsonObject } from '../json.ts'
import type { Strike } from './rules.ts'
import type { FaultTarget, PageResponse } from './target.ts'

/** Clears the screen, sets the window title, and hides the text that follows, if a terminal prints the name unescaped. */
const ESCAPES = '\u001B[2J\u001B]0;owned\u0007\u001B[8m'

const withEscapes = (record: unknown): unknown => {
  if (!isObject(record)) return record
  const texts = Object.entries(record).filter(
    ([key, value]) => (key === 'name' || key === 'description') && typeof value === 'string',
  )
  return { ...record, ...Object.fromEntries(texts.map(([key, value]) => [key, `${ESCAPES}${String(value)}`])) }
}

/** Creates a function that changes the content of pages. It stores the first page of each rule that repeats records. */
export const createRewriter = (
  target: FaultTarget,
): ((strike: Strike, body: JsonObject, url: string) => PageResponse) => {
  const repeated = new Map<number, unknown>()

  const repeat = (id: number, records: readonly unknown[]): readonly unknown[] => {
    const first = repeated.get(id)
    if (first !== undefined) return [first, ...records]
    if (records.length > 0) repeated.set(id, records[0])
    return records
  }

  return ({ id, fault }, body, url) => {
    const key = target.recordsKey(body)
    const records = key === null ? undefined : body[key]
    if (key === null || !Array.isArray(records)) return { body, headers: {} }
    const withRecords = (changed: readonly unknown[]): PageResponse => ({
      body: { ...body, [key]: changed },
      headers: {},
    })
    switch (fault.kind) {
      case 'loop':
        return target.loop(body, url)
      case 'foreign-link':
        return target.foreignLink(body, url, fault.origin)
      case 'duplicate':
        return withRecords(repeat(id, records))
      case 'odd-records':
        return withRecords([...records, ...target.oddRecords(isObject(records[0]) ? records[0] : {})])
      case 'terminal-escapes':
        return withRecords(records.map(withEscapes))
      default:
        return { body, headers: {} }
    }
  }
}
