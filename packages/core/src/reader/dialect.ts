import { toPointerStep, type Pointer } from '@imago/codec'

export type JsonObject = Readonly<Record<string, unknown>>

/** How sure a recognition is. `certain`: only this shape has what was seen. `likely`: nothing speaks against it. */
export interface DialectMatch {
  readonly certainty: 'certain' | 'likely'
  /** What was seen, in a clause: `it has os_flavor and a numeric id`. */
  readonly reason: string
}

/** How the records of a client differ from the API's. Tables, so that `explain` can print both names. */
export interface Translation {
  /** Client's key → wire key. */
  readonly rename?: ReadonlyMap<string, string>
  /** Keys that hold an object whose entries stand beside the others on the wire. */
  readonly lift?: ReadonlySet<string>
  /** The object that a lifted key holds, where the client prints it as something else; `null`: it is none. */
  readonly unfold?: (key: string, value: unknown) => JsonObject | null
  /**
   * The value of a wire key as the wire spells it; `undefined`: absent, for what the client made up (a leaked zero, a null for a key that was not there).
   * Called for every entry, lifted ones too.
   */
  readonly respell?: (wireKey: string, value: unknown) => unknown
  /** Keys that the client adds and the wire never has. They stay in `raw`. */
  readonly own?: ReadonlySet<string>
}

/** A shape in which a provider's images are found on disk: the API's own, or what a client prints instead. */
export interface Dialect {
  readonly name: string
  /** What prints it: `hcloud image list -o json`. */
  readonly title: string
  readonly recognize: (record: JsonObject) => DialectMatch | null
  /** Whether a record without marks is in this shape, where its provider was named; by default, none is. */
  readonly resembles?: (record: JsonObject) => boolean
  /** Absent: the records are the wire's own. */
  readonly translation?: Translation
}

export const isJsonObject = (u: unknown): u is JsonObject => typeof u === 'object' && u !== null && !Array.isArray(u)

/** What is to be lifted of `key`; `null`: nothing. */
const liftedOf = ({ lift, unfold }: Translation, key: string, value: unknown): JsonObject | null => {
  if (lift?.has(key) !== true) return null
  return isJsonObject(value) ? value : (unfold?.(key, value) ?? null)
}

/** `record` in the wire's own shape. A key of the record itself wins over a lifted one. Built by entries, so that `__proto__` is an ordinary key. */
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
    const inside = liftedOf(translation, key, value)
    if (inside !== null) for (const inner of Object.keys(inside)) add(lifted, inner, inside[inner])
    else add(entries, rename?.get(key) ?? key, value)
  }
  return Object.fromEntries(lifted.length === 0 ? entries : [...lifted, ...entries])
}

/** Where something stands in a record, and its value there. */
export interface SourceValue {
  readonly pointer: Pointer
  readonly value: unknown
}

/**
 * Where `record` holds the wire field `wireKey`, and its value there, as the client spells it; `null` where it does not. A record may hold it twice
 * (openstacksdk prints `owner` and `owner_id`): then it is the one that `translate` takes.
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
    const inside = liftedOf(translation, key, value)
    if (inside !== null) {
      // What was unfolded has no pointer of its own, nor a value that stands there.
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

/** The pointer in `record` of what stands at `pointer` in its wire shape. */
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
