import type { Issue } from '@imago/codec'
import type { Drift, RejectedRecord } from '@imago/core'
import type { InputPosition } from './input/record-sink.ts'

/** A kind of drift: how often, and where first. */
export interface DriftEntry {
  readonly kind: Drift['kind']
  readonly provider: string
  /** JSON Pointer in the record; `*` stands for any index of a list. */
  readonly path: string
  readonly word?: string
  readonly expected?: string
  readonly got?: string
  readonly count: number
  readonly first: { readonly file: string; readonly line: number | null; readonly pointer: string; readonly id: string }
}

export interface Rejection {
  readonly file: string
  readonly line: number | null
  readonly pointer: string
  readonly provider: string | null
  readonly issues: readonly Issue[]
}

/** The output of `imago drift`: `urn:imago:schema:drift:1`. */
export interface DriftReport {
  readonly $schema: 'urn:imago:schema:drift:1'
  readonly images: number
  readonly rejected: number
  /** The total count of all entries. */
  readonly notes: number
  readonly drift: readonly DriftEntry[]
  readonly rejections: readonly Rejection[]
}

/** The drift of some of the records, to be added to that of the records before. */
export interface DriftPart {
  readonly images: number
  readonly rejected: number
  readonly notes: number
  /** In the order of their first records. */
  readonly entries: readonly (readonly [key: string, entry: DriftEntry])[]
  readonly rejections: readonly Rejection[]
}

/** Collects the drift of any number of records. Its size depends on the kinds of drift, not on their counts. */
export interface DriftGatherer {
  readonly image: (drift: readonly Drift[], place: InputPosition) => void
  readonly rejection: (rejected: Pick<RejectedRecord, 'provider' | 'issues'>, place: InputPosition) => void
  /** Adds what another gatherer collected from the records that follow. */
  readonly add: (part: DriftPart) => void
  /** Everything collected, for `add`. */
  readonly part: () => DriftPart
  readonly report: () => DriftReport
}

/** Hostile input may contain any number of new words. Beyond this limit they are counted only. */
const MAX_ENTRIES = 10_000
const MAX_REJECTIONS = 10_000
/** Longer words are cut. */
const LONGEST_WORD = 200

/** Replaces list indices by `*`. The first step is a key of the record, even if it is a number. */
const withoutIndices = (path: string): string => path.replace(/(?<=.)\/\d+(?=\/|$)/g, '/*')

const toDetail = (drift: Drift): Pick<DriftEntry, 'word' | 'expected' | 'got'> => {
  switch (drift.kind) {
    case 'unknown-word':
      return { word: drift.word.length > LONGEST_WORD ? `${drift.word.slice(0, LONGEST_WORD)}…` : drift.word }
    case 'unknown-key':
      return { got: drift.got }
    case 'wrong-type':
      return { expected: drift.expected, got: drift.got }
  }
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** `isPart`: without limits, for `part`. The records must then be few. */
export const createDriftGatherer = (isPart = false): DriftGatherer => {
  const maxEntries = isPart ? Infinity : MAX_ENTRIES
  const maxRejections = isPart ? Infinity : MAX_REJECTIONS
  const entries = new Map<string, DriftEntry & { count: number }>()
  const rejections: Rejection[] = []
  let images = 0
  let rejected = 0
  let notes = 0
  return {
    image: (drift, place) => {
      images++
      for (const one of drift) {
        notes++
        const path = withoutIndices(one.path)
        const detail = toDetail(one)
        const key = JSON.stringify([one.provider, path, one.kind, detail])
        const known = entries.get(key)
        if (known !== undefined) known.count++
        else if (entries.size < maxEntries) {
          const first = { file: place.file, line: place.line, pointer: place.pointer + one.path, id: one.id }
          entries.set(key, { kind: one.kind, provider: one.provider, path, ...detail, count: 1, first })
        }
      }
    },
    rejection: ({ provider, issues }, { file, line, pointer }) => {
      rejected++
      if (rejections.length < maxRejections) rejections.push({ file, line, pointer, provider, issues })
    },
    add: (part) => {
      images += part.images
      rejected += part.rejected
      notes += part.notes
      for (const [key, entry] of part.entries) {
        const known = entries.get(key)
        if (known !== undefined) known.count += entry.count
        else if (entries.size < maxEntries) entries.set(key, { ...entry })
      }
      rejections.push(...part.rejections.slice(0, maxRejections - rejections.length))
    },
    part: () => ({ images, rejected, notes, entries: [...entries], rejections }),
    report: () => ({
      $schema: 'urn:imago:schema:drift:1',
      images,
      rejected,
      notes,
      drift: [...entries].sort(([a], [b]) => byCodeUnit(a, b)).map(([, entry]) => entry),
      rejections,
    }),
  }
}
