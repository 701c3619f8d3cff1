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

/** The location of a record: its cloud, and its pointer in the document. */
export interface RecordLocation extends CloudLocation {
  readonly pointer: Pointer
}

/** A record that was read. */
export interface ReadResult {
  readonly image: Image
  /** Unexpected values in the record. */
  readonly drift: readonly Drift[]
}

/** The explanation of each field of a record. */
export interface Explanation {
  readonly ref: ImageRef
  readonly dialect: string
  readonly fields: readonly FieldExplanation[]
}

/**
 * The offline part of an adapter: reads saved image records of a provider, without I/O.
 * - `claim` and `recognize` return whether a record is from this provider, how certain that is, and its dialect.
 * - `read` returns an image for every record that has an ID. Unexpected values are returned as drift.
 * - `read` never throws, for any JSON value.
 * - `explain` agrees with `read` on the value of every field.
 */
export interface ImageReader extends Recognizer {
  readonly provider: string
  readonly title: string
  readonly dialects: readonly Dialect[]
  readonly fields: readonly FieldReference[]
  /** `dialect`: from `recognize`. Default: the API's own. */
  readonly read: (record: unknown, place: RecordLocation, dialect?: Dialect) => E.Either<RejectedRecord, ReadResult>
  readonly explain: (record: unknown, place: RecordLocation, dialect?: Dialect) => E.Either<RejectedRecord, Explanation>
}

/** A text that its codec accepts, but that is not a valid value of the field. */
export interface InvalidField {
  /** The key on the wire. */
  readonly key: string
  /** A description of valid values. */
  readonly expected: string
}

/** An adapter's definition of its provider's records. */
export interface ImageReaderParts<W> {
  readonly provider: string
  readonly title: string
  /** The codec of a wire record. */
  readonly wire: t.Type<W, unknown>
  readonly mapping: ImageMapping<W>
  /** Finds invalid optional texts. They are reported as drift and treated as absent. Called for every record. */
  readonly findInvalidFields?: (wire: W) => readonly InvalidField[]
  /** The API's own shape is first. */
  readonly dialects: readonly [Dialect, ...Dialect[]]
  readonly foreign?: readonly ForeignShape[]
}

const NO_DRIFT: readonly Drift[] = Object.freeze([])

/** Creates the offline part of an adapter from its tables. */
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

  const omitInvalidFields = (wire: W, into: Notes): W => {
    const invalid = parts.findInvalidFields?.(wire)
    if (invalid === undefined || invalid.length === 0) return wire
    const keys = new Set(invalid.map(({ key }) => key))
    for (const { key, expected } of invalid)
      into.list.push({ kind: 'wrong-type', pointer: toPointerStep(key), expected, got: 'other text' })
    return Object.fromEntries(Object.entries(wire as object).filter(([key]) => !keys.has(key))) as W
  }

  // Shared by all records, since nearly every record leaves it empty.
  const notes = new Notes()

  const read: ImageReader['read'] = (record, place, dialect = api) => {
    let wire = toWire(record, dialect)
    if (!fits(wire, notes)) {
      const decoded = decode(wire, notes)
      if (E.isLeft(decoded)) return E.left(rejected(record, place, dialect, decoded.left))
      wire = decoded.right
    }
    const image = normalize(omitInvalidFields(wire as W, notes), place, record)
    if (notes.list.length === 0) return E.right({ image, drift: NO_DRIFT })
    const drift = notes.list.splice(0).map((note): Drift => {
      const path = toRecordPointer(dialect.translation, record as JsonObject, note.pointer)
      return { ...note, pointer: place.pointer + path, path, provider, id: image.ref.id }
    })
    // All entries parsed from one text have the same pointer: report each pointer once.
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
    const wire = omitInvalidFields(decoded.right, new Notes())
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
