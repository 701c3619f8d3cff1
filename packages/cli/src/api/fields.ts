import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { EXIT } from '../exit-code.ts'
import { fileProblem, Problem } from '../problem.ts'

/** A field of `-f` or `-F`: its unparsed key, and its value. */
export type Field = readonly [key: string, value: unknown]

const parsePair = (option: string, word: string): readonly [key: string, value: string] => {
  const at = word.indexOf('=')
  const key = word.slice(0, Math.max(at, 0)).trim()
  if (key === '') throw new Problem(`${option}: invalid value ${JSON.stringify(word)}. Use key=value`, EXIT.usage)
  return [key, word.slice(at + 1).trimStart()]
}

const LITERALS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
])

/** As `-F` of `gh api`: JSON literals, whole numbers, and files after an `@`. A number beyond 2^53 stays text. */
const typedValue = async (word: string): Promise<unknown> => {
  if (LITERALS.has(word)) return LITERALS.get(word)
  if (/^-?(?:0|[1-9]\d*)$/.test(word) && Number.isSafeInteger(Number(word))) return Number(word)
  if (!word.startsWith('@')) return word
  const file = word.slice(1)
  if (file === '-') return text(process.stdin)
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw fileProblem('read', file, error)
  })
}

/** The fields of both options: text (`-f`), then typed (`-F`). */
export const parseFields = async (raw: readonly string[], typed: readonly string[]): Promise<readonly Field[]> => {
  const fields: Field[] = raw.map((word) => parsePair('-f', word))
  for (const word of typed) {
    const [key, value] = parsePair('-F', word)
    fields.push([key, await typedValue(value)])
  }
  return fields
}

type Branch = Map<string, Leaf | Branch | Leaf[]>

interface Leaf {
  readonly value: unknown
}

/** `a[b][c]` is `a`, `b`, `c`; `a[]` ends in `''`. */
const parseKey = (key: string): readonly [first: string, ...rest: string[]] => {
  const [, first = '', inner = ''] = /^([^[\]]+)((?:\[[^[\]]+\])*(?:\[\])?)$/.exec(key) ?? []
  if (first === '')
    throw new Problem(
      `invalid key ${JSON.stringify(key)}. Use key, key[name] or key[]; for other bodies, use --input`,
      EXIT.usage,
    )
  return [first, ...[...inner.matchAll(/\[([^[\]]*)\]/g)].map(([, name = '']) => name)]
}

const put = (branch: Branch, key: string, [name, ...rest]: readonly [string, ...string[]], value: unknown): void => {
  const [next, ...others] = rest
  const there = branch.get(name)
  if (next === undefined) return void branch.set(name, { value })
  if (next === '') {
    const list = Array.isArray(there) ? there : []
    if (there !== undefined && there !== list)
      throw new Problem(
        `${key}: ${name} is a list here, and an object or a value in another field. Use one form for all fields of ${name}`,
        EXIT.usage,
      )
    return void branch.set(name, [...list, { value }])
  }
  const inner: Branch = there instanceof Map ? there : new Map()
  if (there !== undefined && there !== inner)
    throw new Problem(
      `${key}: ${name} is an object here, and a list or a value in another field. Use one form for all fields of ${name}`,
      EXIT.usage,
    )
  branch.set(name, inner)
  put(inner, key, [next, ...others], value)
}

const toJson = (node: Leaf | Branch | Leaf[]): unknown => {
  if (Array.isArray(node)) return node.map(({ value }) => value)
  return node instanceof Map ? Object.fromEntries([...node].map(([name, inner]) => [name, toJson(inner)])) : node.value
}

/** Builds a JSON body. `labels[keep]=yes` sets an entry of an object, `tags[]=a` adds to a list. The last value of a key wins. */
export const buildBody = (fields: readonly Field[]): unknown => {
  const body: Branch = new Map()
  for (const [key, value] of fields) put(body, key, parseKey(key), value)
  return toJson(body)
}
