import { findRecords, MAX_JSON_DEPTH, type FoundRecord } from '@imago/core'
import { isMap, isScalar, LineCounter, parseAllDocuments, type Document, type Pair, type YAMLMap } from 'yaml'
import { findOffset, getText, TOO_DEEP, Unreadable, YamlBuilder } from './yaml-builder.ts'
import type { YamlVersion } from './yaml-scalar.ts'

/** A record, and its position in a YAML text. */
export interface YamlRecord extends FoundRecord {
  /** The line on which the record starts, 1-based. */
  readonly line: number
}

/** Why a YAML text cannot be read. */
export interface YamlProblem {
  readonly problem: string
  /** Whether the text is YAML, but cannot be read as records. */
  readonly isYaml: boolean
  /** In characters. */
  readonly offset: number
  /** 1-based. */
  readonly line: number
}

/** Whether a value has more than `maxDepth` levels. The nodes of a document do not show the depth, because aliases may be nested in anchors. */
const isDeeper = (value: unknown, maxDepth: number, known: Map<object, number>): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (maxDepth === 0) return true
  // Visit a shared value again only if it is nested deeper than before.
  const left = known.get(value)
  if (left !== undefined && left <= maxDepth) return false
  for (const inner of Object.values(value)) if (isDeeper(inner, maxDepth - 1, known)) return true
  known.set(value, maxDepth)
  return false
}

/**
 * Splits a mapping with repeated keys into records, as in the concatenated output of several `openstack image show -f yaml`. The client sorts keys, so
 * each record has sorted, unique keys and an `id`. Otherwise the boundaries are unknown, and one part is returned.
 */
const splitParts = ({ items }: YAMLMap): readonly (readonly Pair[])[] => {
  const parts: Pair[][] = []
  let last: string | null = null
  for (const pair of items as Pair[]) {
    if (!isScalar(pair.key)) return [items as Pair[]]
    const key = getText(pair.key)
    if (last === null || key <= last) parts.push([])
    parts.at(-1)?.push(pair)
    last = key
  }
  const isRecord = (part: readonly Pair[]): boolean =>
    part.length > 1 && part.some(({ key }) => isScalar(key) && key.value === 'id')
  return parts.length > 1 && parts.every(isRecord) ? parts : [items as Pair[]]
}

const hasTwice = ({ items }: YAMLMap): boolean => {
  const keys = items.map(({ key }) => (isScalar(key) ? getText(key) : ''))
  return new Set(keys).size < keys.length
}

const readDocument = (document: Document, builder: YamlBuilder): readonly unknown[] => {
  const { contents } = document
  if (!isMap(contents) || contents.flow === true || !hasTwice(contents as YAMLMap)) return [builder.build(contents)]
  const parts = splitParts(contents as YAMLMap)
  return parts.map((part) => builder.mapping(part, findOffset(part[0]?.key), 0, false))
}

const findVersion = (document: Document): YamlVersion => {
  const { yaml } = document.directives ?? {}
  return yaml?.explicit === true && yaml.version !== '1.1' ? '1.2' : '1.1'
}

const formatReason = (message: string): string =>
  (message.split('\n')[0] ?? 'invalid YAML').replace(/ at line \d+, column \d+:?$/, '').replace(/:$/, '')

interface YamlValue {
  readonly value: unknown
  /** In characters. */
  readonly start: number
  /** The offsets at which its mappings start, in characters. */
  readonly offsets: ReadonlyMap<object, number>
}

type LineAt = (offset: number) => number

const readValues = (
  text: string,
  counter: LineCounter,
  lineAt: LineAt,
): { readonly found: readonly YamlValue[] } | YamlProblem => {
  const found: YamlValue[] = []
  try {
    // The parser only reads the syntax; tags and plain scalars are resolved here. Its own check for duplicate keys takes quadratic time.
    const documents = parseAllDocuments(text, {
      schema: 'failsafe',
      resolveKnownTags: false,
      uniqueKeys: false,
      merge: false,
      lineCounter: counter,
      prettyErrors: false,
      logLevel: 'silent',
    })
    for (const document of Array.isArray(documents) ? documents : []) {
      const [error] = document.errors
      if (error !== undefined)
        return { problem: formatReason(error.message), isYaml: false, offset: error.pos[0], line: lineAt(error.pos[0]) }
      const offsets = new Map<object, number>()
      const start = findOffset(document.contents)
      for (const value of readDocument(document, new YamlBuilder(findVersion(document), offsets))) {
        if (isDeeper(value, MAX_JSON_DEPTH, new Map()))
          return { problem: TOO_DEEP, isYaml: true, offset: start, line: lineAt(start) }
        found.push({ value, start, offsets })
      }
    }
  } catch (error) {
    // The parser is recursive, so deep nesting overflows the stack.
    if (error instanceof RangeError) return { problem: TOO_DEEP, isYaml: true, offset: 0, line: 1 }
    if (!(error instanceof Unreadable)) throw error
    return { problem: error.message, isYaml: error.isYaml, offset: error.offset, line: lineAt(error.offset) }
  }
  return { found }
}

const lineIn =
  (counter: LineCounter): LineAt =>
  (offset) =>
    Math.max(1, counter.linePos(offset).line)

/** Reads the values of a YAML text, one for each document. Concatenated records without `---` are separate values. */
export const readYamlValues = (text: string): { readonly values: readonly unknown[] } | YamlProblem => {
  const counter = new LineCounter()
  const read = readValues(text, counter, lineIn(counter))
  return 'problem' in read ? read : { values: read.found.map(({ value }) => value) }
}

/**
 * Reads the records of all documents of a YAML text, or returns why it cannot be read. Scalars are resolved as PyYAML does (YAML 1.1), because it
 * writes most dumps: a text that its dumper leaves unquoted, such as `09` or `1e3`, remains text.
 */
export const readYamlRecords = (text: string): { readonly records: readonly YamlRecord[] } | YamlProblem => {
  const counter = new LineCounter()
  const lineAt = lineIn(counter)
  const read = readValues(text, counter, lineAt)
  if ('problem' in read) return read
  const records = read.found.flatMap(({ value, start, offsets }) =>
    findRecords(value).map((found) => ({ ...found, line: lineAt(offsets.get(found.record as object) ?? start) })),
  )
  return { records }
}
