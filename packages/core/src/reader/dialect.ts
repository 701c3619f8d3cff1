import { toPointerStep, type Pointer } from '@imago/codec'

export type JsonObject = Readonly<Record<string, unknown>>

/** How certain a recognition is. `certain`: no other shape has these marks. `likely`: nothing contradicts it. */
export interface DialectMatch {
  readonly certainty: 'certain' | 'likely'
  /** The marks that were found, as a clause: `it has os_flavor and a numeric id`. */
  readonly reason: string
}

/** A match of marks that no other shape has. `reason`: the marks, as a clause. */
export const certainMatch = (reason: string): DialectMatch => ({ certainty: 'certain', reason })

/** A match that nothing contradicts. `reason`: the marks, as a clause. */
export const likelyMatch = (reason: string): DialectMatch => ({ certainty: 'likely', reason })

/** The differences between the records of a client and those of the API, as tables so that `explain` can print both names. */
export interface Translation {
  /** Client's key → wire key. */
  readonly rename?: ReadonlyMap<string, string>
  /** Keys with an object whose entries are top-level keys on the wire. */
  readonly lift?: ReadonlySet<string>
  /** Parses the value of a lifted key that the client does not print as an object; `null`: not an object. */
  readonly unfold?: (key: string, value: unknown) => JsonObject | null
  /**
   * Returns the value as it is on the wire; `undefined`: absent, for a value that the client added (a zero value, `null` for an absent key).
   * Called for every entry, including lifted ones.
   */
  readonly respell?: (wireKey: string, value: unknown) => unknown
  /** Keys that the client adds and that are never on the wire. They are kept in `raw`. */
  readonly own?: ReadonlySet<string>
}

/** A shape of saved image records: the API's own, or the output of a client. */
export interface Dialect {
  readonly name: string
  /** The command that prints it: `hcloud image list -o json`. */
  readonly title: string
  readonly recognize: (record: JsonObject) => DialectMatch | null
  /** Whether an unmarked record has this shape. Used only if the provider is given. Default: no. */
  readonly resembles?: (record: JsonObject) => boolean
  /** Absent: records are as on the wire. */
  readonly translation?: Translation
}

export const isJsonObject = (u: unknown): u is JsonObject => typeof u === 'object' && u !== null && !Array.isArray(u)

/** The object to lift out of `key`; `null`: none. */
const getLifted = ({ lift, unfold }: Translation, key: string, value: unknown): JsonObject | null => {
  if (lift?.has(key) !== true) return null
  return isJsonObject(value) ? value : (unfold?.(key, value) ?? null)
}

/** Converts `record` to the wire's shape. Its own keys take precedence over lifted ones. Built from entries, so that `__proto__` is an ordinary key. */
export const translate = (translation: Translation, record: JsonObject): JsonObject => {
  const { rename, respell, own } = translation
  const lifted: [string, unknown][] = []
  const entries: [string, unknown][] = []
  const add = (to: [string, unknown][], wireKey: string, value: unknown): void => {
    const spelled = respell === undefined ? value : respell(wireKey, value)
    if (spelled !== undefined) to.push([wireKey, spelled])
  }
  for (const key of Object.keys(record)) {
    const value = record[key]
    if (own?.has(key) === true) continue
    const inside = getLifted(translation, key, value)
    if (inside !== null) for (const inner of Object.keys(inside)) add(lifted, inner, inside[inner])
    else add(entries, rename?.get(key) ?? key, value)
  }
  return Object.fromEntries(lifted.length === 0 ? entries : [...lifted, ...entries])
}

/** A value in a record, and its location. */
export interface SourceValue {
  readonly pointer: Pointer
  readonly value: unknown
}

/**
 * Finds the wire field `wireKey` in `record`, with the value as the client prints it; `null`: absent. If the record has it twice (openstacksdk prints `owner`
 * and `owner_id`), returns the one that `translate` uses.
 */
export const findSource = (
  translation: Translation | undefined,
  record: JsonObject,
  wireKey: string,
): SourceValue | null => {
  if (translation === undefined)
    return Object.hasOwn(record, wireKey) ? { pointer: toPointerStep(wireKey), value: record[wireKey] } : null
  const { rename, respell, own } = translation
  const lifted: SourceValue[] = []
  const sources: SourceValue[] = []
  for (const key of Object.keys(record)) {
    const value = record[key]
    if (own?.has(key) === true) continue
    const inside = getLifted(translation, key, value)
    if (inside !== null) {
      // Parsed entries have no pointer of their own: use the pointer and value of the text.
      if (Object.hasOwn(inside, wireKey))
        lifted.push(
          inside === value
            ? { pointer: toPointerStep(key) + toPointerStep(wireKey), value: inside[wireKey] }
            : { pointer: toPointerStep(key), value },
        )
    } else if ((rename?.get(key) ?? key) === wireKey) sources.push({ pointer: toPointerStep(key), value })
  }
  const all = [...lifted, ...sources]
  return (
    all.findLast(({ value }) => respell === undefined || respell(wireKey, value) !== undefined) ?? all.at(-1) ?? null
  )
}

/** Converts a pointer into the wire shape to a pointer into `record`. */
export const toRecordPointer = (
  translation: Translation | undefined,
  record: JsonObject,
  pointer: Pointer,
): Pointer => {
  if (translation === undefined || pointer === '') return pointer
  const end = pointer.indexOf('/', 1)
  const step = end === -1 ? pointer.slice(1) : pointer.slice(1, end)
  const source = findSource(translation, record, step.replaceAll('~1', '/').replaceAll('~0', '~'))
  return source === null ? pointer : source.pointer + (end === -1 ? '' : pointer.slice(end))
}
