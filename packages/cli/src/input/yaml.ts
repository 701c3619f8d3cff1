import type { FoundRecord } from '@imago/core'
import { recordsOf } from '@imago/core'
import { parseAllDocuments } from 'yaml'

/** Aliases let a small file stand for a huge one ("billion laughs"). */
const MOST_ALIASES = 100

/** The records of a YAML text (of all its documents), or why it cannot be read. */
export const recordsOfYaml = (text: string): { readonly records: readonly FoundRecord[] } | { readonly problem: string; readonly offset: number } => {
  const records: FoundRecord[] = []
  try {
    const documents = parseAllDocuments(text, { prettyErrors: true, logLevel: 'silent' })
    for (const document of Array.isArray(documents) ? documents : []) {
      const [error] = document.errors
      if (error !== undefined) return { problem: (error.message.split('\n')[0] ?? 'not YAML').replace(/:$/, ''), offset: error.pos[0] }
      records.push(...recordsOf(document.toJS({ maxAliasCount: MOST_ALIASES })))
    }
  } catch (error) {
    return { problem: (error as Error).message, offset: 0 }
  }
  return { records }
}
