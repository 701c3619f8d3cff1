import { formatIssue, toIssues } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import { computeIdentity, Pin, pinKey } from './pin.ts'

/** The default name of the lock file. */
export const LOCK_FILE = 'images.lock.json'

/** The schema of the lock file. Readers check only its last part. */
export const LOCK_SCHEMA = 'urn:imago:schema:lock:1'

/** The content of a lock file: pins sorted by key, each key once. */
export interface Lock {
  readonly pins: readonly Pin[]
}

/** A lock without pins: that of a project without a lock file. */
export const EMPTY_LOCK: Lock = { pins: [] }

/** Why a lock file cannot be used. */
export interface LockFault {
  /** 1-based; `null`: the file as a whole. */
  readonly line: number | null
  readonly problem: string
  /** Another version of imago wrote the file. */
  readonly isOtherVersion: boolean
}

/** The order of fields in a line. Unknown fields follow in their original order. */
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

/**
 * Characters that a terminal or an editor does not show as they are: control characters, and those that break lines or turn the direction of text.
 * A fixed list, because Unicode properties change between versions of Node, and the same pins must give the same bytes.
 */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex -- it matches control characters
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

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

/** A lock of these pins, in order. If a key occurs twice, the later pin counts. */
export const createLock = (pins: readonly Pin[]): Lock => ({
  pins: [...new Map(pins.map((pin) => [pinKey(pin), pin])).values()].toSorted(compareKeys),
})

/**
 * The text of a lock file: the same pins give the same bytes. Each pin is one line between the line of its key and an empty line, and the last member is always
 * the same, so that git can merge changes of neighbouring pins. Git does not merge adjacent changed lines.
 */
export const printLock = ({ pins }: Lock): string =>
  `{\n${pins.map((pin) => `  ${json(pinKey(pin))}:\n    ${json(ordered(pin))},\n\n`).join('')}  "$schema": ${json(LOCK_SCHEMA)}\n}\n`

/** Whether `text` is byte for byte what `printLock` writes of it; line ends may be those of Windows. */
export const isCanonical = (text: string, lock: Lock): boolean => text.replaceAll('\r\n', '\n') === printLock(lock)

/** In characters: 100,000 pins take about 60 MB. */
const LONGEST = 128 * 1024 * 1024

const CONFLICT = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/

const fault = (line: number | null, problem: string): E.Either<LockFault, never> =>
  E.left({ line, problem, isOtherVersion: false })

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

/** The line of the key of a pin. `null`: unknown, since another program has formatted the file. */
const lineOfKey = (text: string, key: string): number | null => {
  const found = text.indexOf(`${json(key)}:`)
  return found === -1 ? null : lineAt(text, found)
}

/** The index after the closing quote of the string that starts at `start`, in valid JSON. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1
  while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1
  return at + 1
}

/** The second occurrence of a duplicate key, which `JSON.parse` would accept; `null`: none. */
const findRepeatedKey = (
  text: string,
  keys: ReadonlySet<string>,
): { readonly key: string; readonly line: number } | null => {
  const seen = new Set<string>()
  for (let start = text.indexOf('"'); start !== -1;) {
    const end = endOfString(text, start)
    const next = text.indexOf('"', end)
    // A key is followed by a colon, a value by a comma or bracket.
    if (
      text
        .slice(end, next === -1 ? undefined : next)
        .trimStart()
        .startsWith(':')
    ) {
      const key = JSON.parse(text.slice(start, end)) as string
      if (seen.has(key)) return { key, line: lineAt(text, start) }
      if (keys.has(key)) seen.add(key)
    }
    start = next
  }
  return null
}

const parseJson = (text: string): E.Either<LockFault, Readonly<Record<string, unknown>>> => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const [, offset] = /at position (\d+)/.exec((error as Error).message) ?? []
    return fault(offset === undefined ? null : lineAt(text, Number(offset)), 'invalid JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fault(null, 'not a lock file')
  return E.right(value as Readonly<Record<string, unknown>>)
}

const parsePin = (key: string, value: unknown): E.Either<string, Pin> => {
  const decoded = Pin.decode(value)
  if (E.isLeft(decoded)) {
    const [issue] = toIssues(decoded.left)
    return E.left(`${key}: ${issue === undefined ? 'it is not a pin' : formatIssue(issue)}`)
  }
  const pin = decoded.right
  if (pinKey(pin) !== key) return E.left(`${key}: its fields are those of ${pinKey(pin)}`)
  return computeIdentity(pin) === pin.identity
    ? E.right(pin)
    : E.left(`${key}: its fields do not match the value of "identity"; it may have been edited by hand`)
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
    return E.left({
      line: lineOfKey(text, '$schema'),
      problem: `it was written by another version of imago (${$schema})`,
      isOtherVersion: true,
    })
  if ($schema !== LOCK_SCHEMA) return fault(null, 'not a lock file')
  const pins: Pin[] = []
  for (const [key, value] of Object.entries(entries)) {
    const pin = parsePin(key, value)
    if (E.isLeft(pin)) return fault(lineOfKey(text, key), pin.left)
    pins.push(pin.right)
  }
  const lock = createLock(pins)
  const repeated = isCanonical(text, lock) ? null : findRepeatedKey(text, new Set(Object.keys(entries)))
  return repeated === null ? E.right(lock) : fault(repeated.line, `${repeated.key}: it is pinned twice`)
}
