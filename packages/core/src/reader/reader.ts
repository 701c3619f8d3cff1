import { toDecoder, toGuard, Notes, toPointerStep, type Issue, type Pointer } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { isJsonObject, toRecordPointer, translate, type Dialect, type JsonObject } from './dialect.ts'
import type { Drift, RejectedRecord } from './drift.ts'
import { explainFields, type FieldExplanation } from './explain.ts'
import type { Image } from '../image/image.ts'
import type { ImageRef } from '../image/values.ts'
import {
  describeFields,
  createNormalizer,
  type FieldReference,
  type ImageMapping,
  type CloudLocation,
} from '../mapping/mapping.ts'
import { createRecognizer, type ForeignShape, type Recognizer } from './recognition.ts'

/** Where a record stands: in which cloud, and where in its document. */
export interface RecordLocation extends CloudLocation {
  readonly pointer: Pointer
}

/** A record that was read. */
export interface ReadResult {
  readonly image: Image
  /** Empty where the record held nothing unexpected. */
  readonly drift: readonly Drift[]
}

/** A record explained, field by field. */
export interface Explanation {
  readonly ref: ImageRef
  readonly dialect: string
  readonly fields: readonly FieldExplanation[]
}

/**
 * The offline half of an adapter: reads a provider's image records from wherever they were saved. No I/O.
 * - `claim` and `recognize` say whether a record is this provider's, how surely, and in which dialect; they never guess.
 * - `read` gives an image for every record that has an id. What it did not expect is drift; the image comes through.
 * - `read` never throws, whatever JSON value it is given.
 * - `explain` agrees with `read` on the value of every field.
 */
export interface ImageReader extends Recognizer {
  readonly provider: string
  readonly title: string
  readonly dialects: readonly Dialect[]
  readonly fields: readonly FieldReference[]
  /** `dialect`: as `recognize` gave it; without it the record is taken for the API's own. */
  readonly read: (record: unknown, place: RecordLocation, dialect?: Dialect) => E.Either<RejectedRecord, ReadResult>
  readonly explain: (record: unknown, place: RecordLocation, dialect?: Dialect) => E.Either<RejectedRecord, Explanation>
}

/** A text that fits its codec and still cannot be what the field holds. */
export interface InvalidField {
  /** On the wire. */
  readonly key: string
  /** What it should be, in words. */
  readonly expected: string
}

/** What an adapter states of its provider's records. */
export interface ImageReaderParts<W> {
  readonly provider: string
  readonly title: string
  /** The codec of a wire record. */
  readonly wire: t.Type<W, unknown>
  readonly mapping: ImageMapping<W>
  /** Which optional texts of a record cannot be what they are for: they are noted, and read as if they were absent. Asked of every record. */
  readonly findInvalidFields?: (wire: W) => readonly InvalidField[]
  /** The API's own shape first. */
  readonly dialects: readonly [Dialect, ...Dialect[]]
  readonly foreign?: readonly ForeignShape[]
}

const NO_DRIFT: readonly Drift[] = Object.freeze([])

/** Makes the offline half of an adapter from its tables. */
export const createImageReader = <W>(parts: ImageReaderParts<W>): ImageReader => {
  const { provider, title, mapping, dialects } = parts
  const fits = toGuard(parts.wire)
  const decode = toDecoder(parts.wire)
  const normalize = createNormalizer(provider, mapping)
  const [api] = dialects

  const rejected = (
    record: unknown,
    place: RecordLocation,
    dialect: Dialect,
    issues: readonly Issue[],
  ): RejectedRecord => ({
    provider,
    pointer: place.pointer,
    issues: issues.map((issue) => ({
      ...issue,
      pointer:
        place.pointer +
        (isJsonObject(record) ? toRecordPointer(dialect.translation, record, issue.pointer) : issue.pointer),
    })),
    raw: record,
  })

  const toWire = (record: unknown, dialect: Dialect): unknown =>
    dialect.translation !== undefined && isJsonObject(record) ? translate(dialect.translation, record) : record

  const withoutMisfits = (wire: W, into: Notes): W => {
    const misfits = parts.findInvalidFields?.(wire)
    if (misfits === undefined || misfits.length === 0) return wire
    const keys = new Set(misfits.map(({ key }) => key))
    for (const { key, expected } of misfits)
      into.list.push({ kind: 'wrong-type', pointer: toPointerStep(key), expected, got: 'other text' })
    return Object.fromEntries(Object.entries(wire as object).filter(([key]) => !keys.has(key))) as W
  }

  // One for all records: nearly every record leaves it empty.
  const notes = new Notes()

  const read: ImageReader['read'] = (record, place, dialect = api) => {
    let wire = toWire(record, dialect)
    if (!fits(wire, notes)) {
      const decoded = decode(wire, notes)
      if (E.isLeft(decoded)) return E.left(rejected(record, place, dialect, decoded.left))
      wire = decoded.right
    }
    const image = normalize(withoutMisfits(wire as W, notes), place, record)
    if (notes.list.length === 0) return E.right({ image, drift: NO_DRIFT })
    const drift = notes.list.splice(0).map((note): Drift => {
      const path = toRecordPointer(dialect.translation, record as JsonObject, note.pointer)
      return { ...note, pointer: place.pointer + path, path, provider, id: image.ref.id }
    })
    // What was unfolded out of one text has one pointer: it is told once.
    return E.right({
      image,
      drift:
        dialect.translation?.unfold === undefined
          ? drift
          : drift.filter(({ path }, index) => drift.findIndex((other) => other.path === path) === index),
    })
  }

  const explain: ImageReader['explain'] = (record, place, dialect = api) => {
    const decoded = decode(toWire(record, dialect), new Notes())
    if (E.isLeft(decoded)) return E.left(rejected(record, place, dialect, decoded.left))
    const wire = withoutMisfits(decoded.right, new Notes())
    const { ref } = normalize(wire, place, record)
    return E.right({
      ref,
      dialect: dialect.name,
      fields: explainFields(title, mapping, dialect, record as JsonObject, wire),
    })
  }

  return {
    provider,
    title,
    dialects,
    fields: describeFields(provider, mapping),
    ...createRecognizer(provider, dialects, parts.foreign ?? []),
    read,
    explain,
  }
}
