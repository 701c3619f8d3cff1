import { MOST_JSON_DEPTH, recordsOf, type FoundRecord } from '@imago/core'
import { parseAllDocuments } from 'yaml'

/** Aliases let a small file stand for a huge one ("billion laughs"). */
const MOST_ALIASES = 100

/** Whether a value has more than `most` levels. An alias may stand within what another one stands for: the parser's own stack bounds no value. */
const isDeeper = (value: unknown, most: number): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (most === 0) return true
  for (const inner of Object.values(value)) if (isDeeper(inner, most - 1)) return true
  return false
}

/** The records of a YAML text (of all its documents), or why it cannot be read. */
export const recordsOfYaml = (text: string): { readonly records: readonly FoundRecord[] } | { readonly problem: string; readonly offset: number } => {
  const records: FoundRecord[] = []
  try {
    const documents = parseAllDocuments(text, { prettyErrors: true, logLevel: 'silent' })
    for (const document of Array.isArray(documents) ? documents : []) {
      const [error] = document.errors
      if (error !== undefined) return { problem: (error.message.split('\n')[0] ?? 'not YAML').replace(/:$/, ''), offset: error.pos[0] }
      const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES })
      if (isDeeper(value, MOST_JSON_DEPTH)) return { problem: `it is nested deeper than ${MOST_JSON_DEPTH} levels`, offset: 0 }
      records.push(...recordsOf(value))
    }
  } catch (error) {
    return { problem: (error as Error).message, offset: 0 }
  }
  return { records }
}
