import { dateToInstant, type Instant } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import type { TargetInvalid, TimeInvalid } from './error.ts'

/** The formats of files. */
export type FileFormat = 'parquet' | 'sqlite' | 'duckdb'

interface Titled {
  /** Its display name, without a password. */
  readonly title: string
}

/** A file of images without history. */
export interface ParquetTarget extends Titled {
  readonly format: 'parquet'
  readonly path: string
}

/** A file of images with history. */
export interface DatabaseFileTarget extends Titled {
  readonly format: 'sqlite' | 'duckdb'
  readonly path: string
}

/** A server with images and their history. */
export interface PostgresTarget extends Titled {
  readonly format: 'postgres'
  readonly url: string
}

/** A database, which has history. */
export type DatabaseTarget = DatabaseFileTarget | PostgresTarget

/** A file or database to write to or read from. */
export type StoreTarget = ParquetTarget | DatabaseTarget

/** Formats by suffix. */
export const FILE_FORMATS: Readonly<Record<string, FileFormat>> = {
  parquet: 'parquet',
  db: 'sqlite',
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  duckdb: 'duckdb',
}

const POSTGRES = /^postgres(?:ql)?:\/\//i

/** The URL without passwords, before the host and in the query. */
export const withoutPassword = (url: string): string => {
  if (!URL.canParse(url)) return 'postgres://…'
  const parsed = new URL(url)
  if (parsed.password !== '') parsed.password = '***'
  for (const name of ['password', 'sslpassword'])
    if (parsed.searchParams.has(name)) parsed.searchParams.set(name, '***')
  return parsed.href
}

/** Whether a text is a store, rather than a cloud or another file. */
export const isStoreTarget = (text: string): boolean => E.isRight(parseStoreTarget(text))

/** Parses `FILE.parquet`, `FILE.db`, `FILE.duckdb` or `postgres://…`. */
export const parseStoreTarget = (text: string): E.Either<TargetInvalid, StoreTarget> => {
  if (POSTGRES.test(text)) return E.right({ format: 'postgres', url: text, title: withoutPassword(text) })
  const [, end = ''] = /\.([a-z\d]+)$/i.exec(text) ?? []
  const format = FILE_FORMATS[end.toLowerCase()]
  if (format === 'parquet') return E.right({ format, path: text, title: text })
  if (format !== undefined) return E.right({ format, path: text, title: text })
  const ends = Object.keys(FILE_FORMATS).map((one) => `.${one}`)
  return E.left({
    _tag: 'TargetInvalid',
    target: text,
    what: `unknown format (one of: ${ends.join(', ')}, postgres://…)`,
  })
}

const AT = /@(\d{4}-\d{2}-\d{2}(?:[Tt][^@]*)?)$/
const DAY = 'YYYY-MM-DD'.length

/** A store, and a time in its history. */
export interface StoreReference {
  readonly target: StoreTarget
  /** `null`: its last state. */
  readonly at: Instant | null
}

/** The last microsecond of a day. */
const endOfDay = (day: string): Instant => `${day}T23:59:59.999999Z`

/** The text after the last `@`, if it follows a store, so that it can only be a time; `null`: none. */
const findTime = (text: string): string | null => {
  const at = text.lastIndexOf('@')
  return at !== -1 && !isStoreTarget(text) && isStoreTarget(text.slice(0, at)) ? text.slice(at + 1) : null
}

const timeInvalid = (target: string, time: string): E.Either<TimeInvalid, never> =>
  E.left({ _tag: 'TimeInvalid', target, what: `invalid time ${JSON.stringify(time)}` })

/** Parses `inventory.db` or `inventory.db@2026-11-01`; a day is its end, in UTC. */
export const parseStoreReference = (text: string): E.Either<TargetInvalid | TimeInvalid, StoreReference> => {
  const [suffix = '', time = findTime(text)] = AT.exec(text) ?? []
  if (time === null) return E.map((target: StoreTarget) => ({ target, at: null }))(parseStoreTarget(text))
  const instant = dateToInstant(time)
  if (instant === undefined) return timeInvalid(text, time)
  const at = time.length === DAY ? endOfDay(time) : instant
  return E.map((target: StoreTarget) => ({ target, at }))(parseStoreTarget(text.slice(0, text.length - suffix.length)))
}
