import { MAX_JSON_DEPTH } from '@imago/core'
import { isUtf8 } from 'node:buffer'
import { isAlias, isMap, isScalar, isSeq, type Pair, type Scalar } from 'yaml'
import { PYTHON_NOTATION } from './other-text.ts'
import { resolvePlain, type ScalarValue, type YamlVersion } from './yaml-scalar.ts'

/** The maximum size of a document with its aliases expanded, in characters. Aliases let a small file expand to a huge one ("billion laughs"). */
const MAX_EXPANDED_LENGTH = 64 * 1024 * 1024

/** A text that is YAML, or looks like it, but cannot be read. */
export class Unreadable extends Error {
  readonly offset: number
  readonly isYaml: boolean

  constructor(message: string, offset: number, isYaml = true) {
    super(message)
    this.offset = offset
    this.isYaml = isYaml
  }
}

export const TOO_DEEP = `it is nested deeper than ${MAX_JSON_DEPTH} levels`

const CORE = 'tag:yaml.org,2002:'
const PYTHON = 'tag:yaml.org,2002:python/'
/** Python tags whose values are plain data: those that Python 2 writes for texts and numbers, and those of collections. */
const PLAIN_PYTHON: ReadonlySet<string> = new Set([
  'str',
  'unicode',
  'int',
  'long',
  'float',
  'bool',
  'none',
  'list',
  'tuple',
  'dict',
])

/** The offset at which a node starts, in characters. */
export const findOffset = (node: unknown): number =>
  (node as { readonly range?: readonly number[] | null } | null)?.range?.[0] ?? 0

const refusePythonTag = (tag: string | undefined, node: unknown): void => {
  if (tag === undefined || !tag.startsWith(PYTHON) || PLAIN_PYTHON.has(tag.slice(PYTHON.length))) return
  throw new Unreadable(
    'it contains a Python object (!!python/…), which only Python can read: dump plain values (yaml.safe_dump, json.dumps)',
    findOffset(node),
  )
}

/** The failsafe schema parses every scalar as text. */
export const getText = ({ value }: Scalar): string => (typeof value === 'string' ? value : '')

const decodeBinary = (node: Scalar): string => {
  const bytes = Buffer.from(getText(node), 'base64')
  if (!isUtf8(bytes)) throw new Unreadable('a value is binary data (!!binary), not text', findOffset(node))
  return bytes.toString('utf8')
}

const readScalar = (node: Scalar, version: YamlVersion): ScalarValue => {
  const text = getText(node)
  const { tag } = node
  refusePythonTag(tag, node)
  if (tag === `${CORE}binary`) return decodeBinary(node)
  if (tag === `${CORE}str` || tag === '!' || tag === `${PYTHON}str` || tag === `${PYTHON}unicode`) return text
  const isResolved = node.type === 'PLAIN' || (tag !== undefined && (tag.startsWith(PYTHON) || tag.startsWith(CORE)))
  return isResolved ? resolvePlain(text, version) : text
}

/** Keys are read as text, because JSON has no other keys. */
const readKey = (key: unknown): string => {
  if (isScalar(key)) return key.tag === `${CORE}binary` ? decodeBinary(key) : getText(key)
  if (key === null) return ''
  throw new Unreadable('a key is not text', findOffset(key))
}

const isMergeKey = (key: unknown): boolean =>
  isScalar(key) && key.value === '<<' && key.type === 'PLAIN' && key.tag === undefined

/**
 * Whether a pair is written as by Python's `repr` of a dict, which looks like a flow mapping. YAML dumpers leave such keys unquoted; in
 * `{name: None}`, which is YAML, the value is text.
 */
const isPythonPair = ({ key, value }: Pair): boolean => {
  if (!isScalar(key) || typeof key.value !== 'string') return false
  if (key.type === 'QUOTE_SINGLE' && /^[A-Za-z_]\w*$/.test(key.value) && resolvePlain(key.value, '1.1') === key.value)
    return true
  return key.type === 'QUOTE_DOUBLE' && isScalar(value) && value.type === 'PLAIN' && value.value === 'None'
}

interface Anchored {
  readonly value: unknown
  /** In characters, with aliases expanded. */
  readonly size: number
}

/** Builds the value of one document. Aliases share one value; merges copy. */
export class YamlBuilder {
  readonly #version: YamlVersion
  /** The offsets at which mappings start, in characters. */
  readonly #offsets: Map<object, number>
  readonly #anchors = new Map<string, Anchored | null>()
  /** The size of the value built so far, in characters. */
  #size = 0

  constructor(version: YamlVersion, offsets: Map<object, number>) {
    this.#version = version
    this.#offsets = offsets
  }

  build(node: unknown, depth = 0): unknown {
    if (depth > MAX_JSON_DEPTH) throw new Unreadable(TOO_DEEP, findOffset(node))
    if (isAlias(node)) return this.#alias(node.source, node)
    const anchor = (node as { readonly anchor?: string } | null)?.anchor
    if (anchor !== undefined) this.#anchors.set(anchor, null)
    const before = this.#size
    this.#grow(1, node)
    const value = this.#value(node, depth)
    if (anchor !== undefined) this.#anchors.set(anchor, { value, size: this.#size - before })
    return value
  }

  /** Builds a mapping of `items`, which may be only a part of a node. */
  mapping(items: readonly Pair[], offset: number, depth: number, isFlow: boolean): Record<string, unknown> {
    const own = new Map<string, unknown>()
    const merged = new Map<string, unknown>()
    for (const pair of items) {
      if (isFlow && isPythonPair(pair)) throw new Unreadable(PYTHON_NOTATION, findOffset(pair.key))
      if (isMergeKey(pair.key)) {
        this.#merge(pair.value, merged, depth)
        continue
      }
      const key = readKey(pair.key)
      if (own.has(key)) throw new Unreadable('Map keys must be unique', findOffset(pair.key))
      this.#grow(key.length + 1, pair.key)
      own.set(key, this.build(pair.value, depth + 1))
    }
    const entries = merged.size === 0 ? own : new Map([...merged, ...own])
    const value = Object.fromEntries(entries)
    this.#offsets.set(value, offset)
    return value
  }

  #value(node: unknown, depth: number): unknown {
    if (node === null || node === undefined) return null
    if (isScalar(node)) {
      const value = readScalar(node, this.#version)
      this.#grow(typeof value === 'string' ? value.length + 1 : 4, node)
      return value
    }
    refusePythonTag((node as { readonly tag?: string }).tag, node)
    if (isMap(node)) return this.mapping(node.items, findOffset(node), depth, node.flow === true)
    if (isSeq(node)) return node.items.map((item) => this.build(item, depth + 1))
    throw new Unreadable('invalid YAML', findOffset(node))
  }

  #alias(source: string, node: unknown): unknown {
    const anchored = this.#anchors.get(source)
    // Text such as `*note` looks like an alias.
    if (anchored === undefined) throw new Unreadable('an alias refers to an unknown anchor', findOffset(node), false)
    if (anchored === null) throw new Unreadable('an alias refers to a value that contains it', findOffset(node))
    this.#grow(anchored.size + 1, node)
    return anchored.value
  }

  /** Merges mappings as yaml.org/type/merge specifies: an earlier one takes precedence over later ones, and the mapping's own keys over all. */
  #merge(node: unknown, merged: Map<string, unknown>, depth: number): void {
    const value = this.build(node, depth + 1)
    for (const source of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof source !== 'object' || source === null || Array.isArray(source))
        throw new Unreadable('the value merged by << is not a mapping', findOffset(node))
      for (const [key, inner] of Object.entries(source)) if (!merged.has(key)) merged.set(key, inner)
    }
  }

  #grow(size: number, node: unknown): void {
    this.#size += size
    if (this.#size > MAX_EXPANDED_LENGTH)
      throw new Unreadable(`its aliases expand to more than ${MAX_EXPANDED_LENGTH / 2 ** 20} MiB`, findOffset(node))
  }
}
