import { Notes, toDecoder, toPointer, type Issue, type Pointer } from '@imago/codec'
import type { CloudIdentity, ImageReader, ReadResult, RejectedRecord } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import type { BodyReader } from './read-response.ts'

/** Reads one record. `pointer`: its JSON pointer in the response. */
export type RecordReader<A> = (record: unknown, pointer: Pointer) => E.Either<RejectedRecord, A>

/** The records of a list. Unreadable records are in `rejected`; the others are kept. */
export interface ReadRecords<A> {
  readonly items: readonly A[]
  readonly rejected: readonly RejectedRecord[]
}

/** Creates a reader of a provider's records from their codec. Optional fields of a wrong type are left out. */
export const createRecordReader = <A>(provider: string, codec: t.Type<A, unknown>): RecordReader<A> => {
  const decode = toDecoder(codec)
  return (record, pointer) =>
    pipe(
      decode(record, new Notes()),
      E.mapLeft((issues) => ({
        provider,
        pointer,
        issues: issues.map((issue) => ({ ...issue, pointer: pointer + issue.pointer })),
        raw: record,
      })),
    )
}

/** Creates a reader that converts records to images of a cloud. */
export const createImageRecordReader =
  (reader: ImageReader, { cloud, region }: CloudIdentity): RecordReader<ReadResult> =>
  (record, pointer) =>
    reader.read(record, { cloud, region, pointer })

/** Creates a reader of a body from its codec. */
export const readBody = <A>(codec: t.Type<A, unknown>): BodyReader<A> => {
  const decode = toDecoder(codec)
  return (body) => decode(body, new Notes())
}

/** Reads a record inside a body. */
export const readPart = <A>(record: unknown, pointer: Pointer, read: RecordReader<A>): E.Either<readonly Issue[], A> =>
  pipe(
    read(record, pointer),
    E.mapLeft(({ issues }) => issues),
  )

/** Reads a record inside a body; `null` if it is absent. */
export const readOptionalPart = <A>(
  record: unknown,
  pointer: Pointer,
  read: RecordReader<A>,
): E.Either<readonly Issue[], A | null> =>
  record === null || record === undefined ? E.right(null) : readPart(record, pointer, read)

/** Reads the record under `key` of a body. */
export const readRecordAt = <K extends string, V extends Readonly<Record<K, unknown>>, A>(
  envelope: t.Type<V, unknown>,
  key: K,
  read: RecordReader<A>,
): BodyReader<A> => {
  const open = readBody(envelope)
  return (body) =>
    pipe(
      open(body),
      E.flatMap((opened) => readPart(opened[key], toPointer([key]), read)),
    )
}

/** Reads the records of the list under `key`, independently of each other. */
export const readRecords = <A>(records: readonly unknown[], key: string, read: RecordReader<A>): ReadRecords<A> => {
  const items: A[] = []
  const rejected: RejectedRecord[] = []
  for (const [index, record] of records.entries()) {
    const result = read(record, toPointer([key, index]))
    if (E.isRight(result)) items.push(result.right)
    else rejected.push(result.left)
  }
  return { items, rejected }
}
