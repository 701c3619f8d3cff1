import { formatIssue, nullable, toIssues } from '@imago/codec'
import type { SupportData } from '@imago/crosswalk/support'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'

const isDay = (u: unknown): u is string =>
  typeof u === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(u) && new Date(`${u}T00:00:00Z`).toJSON()?.slice(0, 10) === u

const Day = new t.Type<string, string, unknown>(
  'day (2026-01-31)',
  isDay,
  (u, context) => (isDay(u) ? t.success(u) : t.failure(u, context)),
  t.identity,
)

const SupportDocument = t.type(
  {
    date: Day,
    sources: t.record(t.string, t.type({ title: t.string, url: t.string, license: t.string, date: Day })),
    releases: t.readonlyArray(
      t.type({
        system: t.string,
        version: t.string,
        codename: nullable(t.string),
        released: nullable(Day),
        standardEnd: nullable(Day),
        ltsEnd: nullable(Day),
        paidEnd: nullable(Day),
        sources: t.readonlyArray(t.string),
      }),
    ),
  },
  'support data',
)

/** Reads a document of the schema `urn:imago:schema:operating-system-support:1`. Left: the first mistake in it. */
export const readSupportData = (document: unknown): E.Either<string, SupportData> =>
  pipe(
    SupportDocument.decode(document),
    E.mapLeft((errors) => toIssues(errors).slice(0, 1).map(formatIssue).join('')),
  )
