import { toPointerStep, type Issue, type Pointer } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import type { Dialect } from './dialect.ts'
import type { Drift, RejectedRecord, RejectionRemedy } from './drift.ts'
import { Image } from '../image/image.ts'
import type { Explanation, ImageReader, RecordLocation, ReadResult } from './reader.ts'
import { nameProvider, UNRECOGNIZED_REASON, type Claim } from './recognition.ts'
import { visitRecords } from './records.ts'

/** How to read saved records. */
export interface DumpOptions {
  readonly readers: readonly ImageReader[]
  /** The provider of all records. Default: recognized per record. */
  readonly provider?: string | undefined
  /** The name of the cloud that the records come from. */
  readonly cloud?: string | undefined
  readonly region?: string | undefined
  /** Reject records with drift. Default: no. */
  readonly strict?: boolean | undefined
}

/** The images of a saved document, and what could not be read. */
export interface Dump {
  readonly items: readonly Image[]
  readonly rejected: readonly RejectedRecord[]
  readonly drift: readonly Drift[]
}

type Refusal = { readonly reason: string; readonly remedy?: RejectionRemedy }

type Choice = { readonly reader: ImageReader; readonly dialect?: Dialect } | Refusal

/** Chooses the dialect if the provider is given. An unmarked record is read as the API's own; a known foreign shape is still refused. */
const chooseNamed = (record: unknown, reader: ImageReader): Choice => {
  const recognition = reader.recognize(record)
  if (recognition.known) return { reader, dialect: recognition.dialect }
  return recognition.foreign ? recognition : { reader, dialect: reader.findDialect(record) }
}

/** The reason why no reader accepts a record: preferably what the record is instead. */
const explainRefusal = (record: unknown, readers: readonly ImageReader[]): Choice => {
  const reasons = readers.map((reader) => reader.recognize(record)).filter((recognition) => !recognition.known)
  // A reason that only one reader returns is more specific than the generic one.
  const specific = reasons.find(({ reason }) => reason !== reasons[0]?.reason && reason !== UNRECOGNIZED_REASON)
  return (
    reasons.find(({ foreign }) => foreign) ??
    (reasons[0]?.reason === UNRECOGNIZED_REASON ? specific : undefined) ??
    reasons[0] ?? { reason: 'no reader was given' }
  )
}

/** Chooses the first certain reader, since certain marks are unique to one shape, or else the only likely one. Several likely readers are ambiguous. */
const chooseAmong = (record: unknown, readers: readonly ImageReader[]): Choice => {
  let best: ImageReader | null = null
  let claim: Claim | null = null
  let rival: ImageReader | null = null
  for (const reader of readers) {
    const made = reader.claim(record)
    if (made === null) continue
    if (made.certainty === 'certain') return { reader, dialect: made.dialect }
    if (claim === null) {
      best = reader
      claim = made
    } else rival = reader
  }
  if (best === null || claim === null) return explainRefusal(record, readers)
  if (rival !== null) {
    const remedy = nameProvider(best.provider, rival.provider)
    return { reason: `it may be an image of ${best.title} or of ${rival.title}: ${remedy.words}`, remedy }
  }
  return { reader: best, dialect: claim.dialect }
}

const choose = (record: unknown, { readers, provider }: DumpOptions): Choice => {
  if (provider === undefined) return chooseAmong(record, readers)
  const named = readers.find((reader) => reader.provider === provider)
  return named === undefined ? { reason: `unknown provider: ${provider}` } : chooseNamed(record, named)
}

const unrecognized = (record: unknown, place: RecordLocation, { reason, remedy }: Refusal): RejectedRecord => ({
  provider: null,
  pointer: place.pointer,
  issues: [{ pointer: place.pointer, expected: 'an image record', got: reason }],
  ...(remedy === undefined ? {} : { remedy }),
  raw: record,
})

const toIssue = (drift: Drift): Issue => {
  switch (drift.kind) {
    case 'unknown-word':
      return { pointer: drift.pointer, expected: 'a known word', got: drift.word }
    case 'unknown-key':
      return { pointer: drift.pointer, expected: 'a known key', got: drift.got }
    case 'wrong-type':
      return { pointer: drift.pointer, expected: drift.expected, got: drift.got }
  }
}

const rejectDrift = (
  read: E.Either<RejectedRecord, ReadResult>,
  place: RecordLocation,
): E.Either<RejectedRecord, ReadResult> =>
  E.isRight(read) && read.right.drift.length > 0
    ? E.left({
        provider: read.right.image.ref.provider,
        pointer: place.pointer,
        issues: read.right.drift.map(toIssue),
        raw: read.right.image.raw,
      })
    : read

/** The location of the current record. Its pointer is built only on access. */
class CurrentRecord implements RecordLocation {
  readonly cloud: string | null
  readonly region: string | null
  #parent: Pointer = ''
  #key: string | number | null = null

  constructor(options: DumpOptions) {
    this.cloud = options.cloud ?? null
    this.region = options.region ?? null
  }

  at(parent: Pointer, key: string | number | null): this {
    this.#parent = parent
    this.#key = key
    return this
  }

  get pointer(): Pointer {
    return this.#key === null ? this.#parent : this.#parent + toPointerStep(this.#key)
  }
}

const readAt = (record: unknown, place: RecordLocation, options: DumpOptions): E.Either<RejectedRecord, ReadResult> => {
  const choice = choose(record, options)
  if ('reason' in choice) {
    // Images that imago wrote are returned unchanged; their source record is in `raw`.
    const image = Image.decode(record)
    return E.isRight(image) ? E.right({ image: image.right, drift: [] }) : E.left(unrecognized(record, place, choice))
  }
  const read = choice.reader.read(record, place, choice.dialect)
  return options.strict === true ? rejectDrift(read, place) : read
}

/** Reads the record at `pointer` in a document. Never throws. */
export const readRecord = (
  record: unknown,
  pointer: Pointer,
  options: DumpOptions,
): E.Either<RejectedRecord, ReadResult> => readAt(record, new CurrentRecord(options).at(pointer, null), options)

/** Explains the record at `pointer` in a document. Never throws. */
export const explainRecord = (
  record: unknown,
  pointer: Pointer,
  options: DumpOptions,
): E.Either<RejectedRecord, Explanation> => {
  const place = new CurrentRecord(options).at(pointer, null)
  const choice = choose(record, options)
  return 'reason' in choice
    ? E.left(unrecognized(record, place, choice))
    : choice.reader.explain(record, place, choice.dialect)
}

/**
 * Normalizes all images of a saved document, from any provider, client or envelope. Unreadable records do not affect others.
 *
 * @example readDump(JSON.parse(await readFile('images.json', 'utf8')), { readers: [hetznerReader, openstackReader] }).items
 */
export const readDump = (document: unknown, options: DumpOptions): Dump => {
  const items: Image[] = []
  const rejected: RejectedRecord[] = []
  const drift: Drift[] = []
  const current = new CurrentRecord(options)
  visitRecords(document, '', null, (record, parent, key) => {
    const read = readAt(record, current.at(parent, key), options)
    if (E.isLeft(read)) {
      rejected.push(read.left)
      return
    }
    items.push(read.right.image)
    if (read.right.drift.length > 0) drift.push(...read.right.drift)
  })
  return { items, rejected, drift }
}
