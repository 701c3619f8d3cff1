import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Exchange {
  readonly file: string
  readonly service: 'keystone' | 'glance'
  readonly as: string | null
  readonly badToken: boolean
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly status: number
  readonly responseHeaders: Readonly<Record<string, string>>
  readonly response: unknown
}

/** The projects of the recorded cloud. */
const PROJECTS: Readonly<Record<string, string>> = {
  abdab6b8726444aea8e155bdf7e0df42: 'demo',
  '051a7eef35464e439826598cd943a034': 'other',
  '78f802c88dbd45dd866ab6f1f35ae7cf': 'admin',
}

/** Reads the recorded requests, and replaces the recorded project IDs and file server address by the given ones. */
export const recordedExchanges = (projectIds: ReadonlyMap<string, string>, files: string): readonly Exchange[] => {
  const text = readFileSync(join(__dirname, 'fixtures', 'recorded-exchanges.json'), 'utf8')
  const mapped = Object.entries(PROJECTS).reduce(
    (so, [id, name]) => so.replaceAll(id, projectIds.get(name) ?? id),
    text,
  )
  const { exchanges } = JSON.parse(mapped.replaceAll('http://127.0.0.1:43059', files)) as {
    readonly exchanges: readonly Exchange[]
  }
  return exchanges
}

/** Reduces a value to its keys and types: `{a: 1, b: [{c: null}]}`; a list to those of its first entry. */
export const toShape = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 0 ? 'list' : [toShape(value[0])]
  if (value === null) return 'null'
  return typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toShape(each)]))
    : typeof value
}
