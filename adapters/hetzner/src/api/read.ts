import { toDecoder, Notes, toPointer, type Issue, type Pointer } from '@imago/codec'
import type { RejectedRecord } from '@imago/core'
import type { HetznerPagination } from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import type { BodyReader } from '@imago/provider-kit/live'

/** Reads one record. `pointer`: where it stands in the answer. */
export type RecordReader<A> = (record: unknown, pointer: Pointer) => E.Either<RejectedRecord, A>

/** A page of a list. */
export interface HetznerPage<A> {
  readonly items: readonly A[]
  /** The records that could not be read. They never cost the page. */
  readonly rejected: readonly RejectedRecord[]
  /** Without keys where the API says nothing of pages. */
  readonly pagination: HetznerPagination
}

/** Reads records by their codec: an optional field that does not fit is left out. */
export const wireReader = <A>(codec: t.Type<A>): RecordReader<A> => {
  const decode = toDecoder(codec)
  return (record, pointer) =>
    pipe(
      decode(record, new Notes()),
      E.mapLeft((issues) => ({
        provider: 'hetzner',
        pointer,
        issues: issues.map((issue) => ({ ...issue, pointer: pointer + issue.pointer })),
        raw: record,
      })),
    )
}

/** Reads a body by its codec. */
export const whole = <A>(codec: t.Type<A>): BodyReader<A> => {
  const decode = toDecoder(codec)
  return (body) => decode(body, new Notes())
}

/** The record under `key` of an envelope. */
export const recordAt = <K extends string, V extends Readonly<Record<K, unknown>>, A>(
  envelope: t.Type<V>,
  key: K,
  read: RecordReader<A>,
): BodyReader<A> => {
  const open = whole(envelope)
  return (body) =>
    pipe(
      open(body),
      E.flatMap((opened) => part(opened[key], toPointer([key]), read)),
    )
}

/** A record inside an envelope. */
export const part = <A>(record: unknown, pointer: Pointer, read: RecordReader<A>): E.Either<readonly Issue[], A> =>
  pipe(
    read(record, pointer),
    E.mapLeft(({ issues }) => issues),
  )

/** A part that may be missing. */
export const optionalPart = <A>(
  record: unknown,
  pointer: Pointer,
  read: RecordReader<A>,
): E.Either<readonly Issue[], A | null> =>
  record === null || record === undefined ? E.right(null) : part(record, pointer, read)

/** The records under `key`, each by itself: one that cannot be read costs no other. */
export const readEach = <A>(
  records: readonly unknown[],
  key: string,
  read: RecordReader<A>,
): Pick<HetznerPage<A>, 'items' | 'rejected'> => {
  const items: A[] = []
  const rejected: RejectedRecord[] = []
  records.forEach((record, index) => {
    const reading = read(record, toPointer([key, index]))
    if (E.isRight(reading)) items.push(reading.right)
    else rejected.push(reading.left)
  })
  return { items, rejected }
}

type PageOf<K extends string> = Readonly<Record<K, readonly unknown[]>> & {
  readonly meta?: { readonly pagination?: HetznerPagination | null | undefined } | null | undefined
}

/** A page of the records under `key`. */
export const pageOf = <K extends string, P extends PageOf<K>, A>(
  page: t.Type<P>,
  key: K,
  read: RecordReader<A>,
): BodyReader<HetznerPage<A>> => {
  const open = whole(page)
  return (body) =>
    pipe(
      open(body),
      E.map((opened) => ({ ...readEach(opened[key], key, read), pagination: opened.meta?.pagination ?? {} })),
    )
}
