import { formatIssue, toIssues } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import { identityOf, Pin, pinKey } from './pin.ts'

/** The name of the lock file, where no other is given. */
export const LOCK_FILE = 'images.lock.json'

/** The schema of the lock file. A reader checks its last part, and nothing else. */
export const LOCK_SCHEMA = 'urn:imago:schema:lock:1'

/** What a lock file holds: pins in the order of their keys, each key once. */
export interface Lock {
  readonly pins: readonly Pin[]
}

export const EMPTY_LOCK: Lock = { pins: [] }

/** Why a lock file cannot be used. */
export interface LockFault {
  /** 1-based; `null`: the file as a whole. */
  readonly line: number | null
  readonly problem: string
}

/** The order of fields in a line. Fields that this version does not know follow, in the order in which they came. */
const ORDER = [
  'image',
  'on',
  'want',
  'where',
  'provider',
  'cloud',
  'region',
  'id',
  'name',
  'kind',
  'owner',
  'os',
  'architecture',
  'createdAt',
  'unavailableAfter',
  'digest',
  'identity',
  'pin',
] as const satisfies readonly (keyof Pin)[]

/** Characters that a terminal or an editor does not show as they are: control characters, and those that turn the direction of text. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu

const escaped = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')

const json = (value: unknown): string => JSON.stringify(value).replaceAll(INVISIBLE, escaped)

const ordered = (pin: Pin): Readonly<Record<string, unknown>> => {
  const known = new Set<string>(ORDER)
  const { os, digest } = pin
  const own = {
    ...pin,
    os: { distro: os.distro, version: os.version },
    digest:
      digest === null
        ? null
        : { algorithm: digest.algorithm, value: digest.value, of: digest.of, assertedBy: digest.assertedBy },
  }
  return Object.fromEntries([
    ...ORDER.map((key) => [key, own[key]]),
    ...Object.entries(pin).filter(([key]) => !known.has(key)),
  ])
}

const compareKeys = (a: Pin, b: Pin): number => {
  const [one, other] = [pinKey(a), pinKey(b)]
  return one < other ? -1 : one > other ? 1 : 0
}

/** A lock of these pins, in order. Of two with the same key, the later one counts. */
export const createLock = (pins: readonly Pin[]): Lock => ({
  pins: [...new Map(pins.map((pin) => [pinKey(pin), pin])).values()].toSorted(compareKeys),
})

/**
 * The text of a lock file: the same pins give the same bytes. Each pin is one line, below the line of its key and above an empty one, and the last
 * member is always the same: so git merges changes of neighbouring pins, which it refuses where changed lines touch.
 */
export const printLock = ({ pins }: Lock): string =>
  `{\n${pins.map((pin) => `  ${json(pinKey(pin))}:\n    ${json(ordered(pin))},\n\n`).join('')}  "$schema": ${json(LOCK_SCHEMA)}\n}\n`

/** In characters: 100,000 pins take about 60 MB. */
const LONGEST = 128 * 1024 * 1024

const CONFLICT = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/

const fault = (line: number | null, problem: string): E.Either<LockFault, never> => E.left({ line, problem })

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

/** The line of the key of a pin, or of its second occurrence. `null`: there is none. */
const lineOfKey = (text: string, key: string, occurrence: 1 | 2 = 1): number | null => {
  const sought = `${json(key)}:`
  const first = text.indexOf(sought)
  const found = occurrence === 1 || first === -1 ? first : text.indexOf(sought, first + sought.length)
  return found === -1 ? null : lineAt(text, found)
}

const parseJson = (text: string): E.Either<LockFault, Readonly<Record<string, unknown>>> => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const [, offset] = /at position (\d+)/.exec((error as Error).message) ?? []
    return fault(offset === undefined ? null : lineAt(text, Number(offset)), 'it is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fault(null, 'it is not a lock file')
  return E.right(value as Readonly<Record<string, unknown>>)
}

const parsePin = (text: string, key: string, value: unknown): E.Either<LockFault, Pin> => {
  const decoded = Pin.decode(value)
  const line = lineOfKey(text, key)
  if (E.isLeft(decoded)) {
    const [issue] = toIssues(decoded.left)
    return fault(line, `${key}: ${issue === undefined ? 'it is not a pin' : formatIssue(issue)}`)
  }
  const pin = decoded.right
  if (pinKey(pin) !== key) return fault(line, `${key}: its fields are those of ${pinKey(pin)}`)
  if (identityOf(pin) !== pin.identity)
    return fault(line, `${key}: its fields do not match its identity, as after an edit by hand`)
  if (lineOfKey(text, key, 2) !== null) return fault(lineOfKey(text, key, 2), `${key}: it is pinned twice`)
  return E.right(pin)
}

const SCHEMA = /^urn:imago:schema:lock:\d+$/

/** Reads a lock file. Line ends may be those of Windows. Law: `parseLock(printLock(lock))` is `lock`. */
export const parseLock = (text: string): E.Either<LockFault, Lock> => {
  if (text.length > LONGEST) return fault(null, `it is longer than ${LONGEST / 2 ** 20} MiB`)
  const conflict = text.split('\n').findIndex((line) => CONFLICT.test(line.trimEnd()))
  if (conflict !== -1) return fault(conflict + 1, 'it has an unresolved merge conflict')
  const parsed = parseJson(text)
  if (E.isLeft(parsed)) return parsed
  const { $schema, ...entries } = parsed.right
  if (typeof $schema === 'string' && SCHEMA.test($schema) && $schema !== LOCK_SCHEMA)
    return fault(lineOfKey(text, '$schema'), `it was written by another version of imago (${$schema})`)
  if ($schema !== LOCK_SCHEMA) return fault(null, 'it is not a lock file')
  const pins: Pin[] = []
  for (const [key, value] of Object.entries(entries)) {
    const pin = parsePin(text, key, value)
    if (E.isLeft(pin)) return pin
    pins.push(pin.right)
  }
  return E.right(createLock(pins))
}

/** Whether `text` is byte for byte what `printLock` writes of it; line ends may be those of Windows. */
export const isCanonical = (text: string, lock: Lock): boolean => text.replaceAll('\r\n', '\n') === printLock(lock)
