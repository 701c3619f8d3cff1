import type { FoundRecord } from '@imago/core'
import { recordsOf } from '@imago/core'

/** YAML is read whole, so there is an end to what is read. */
export const MOST_YAML_BYTES = 64 * 1024 * 1024
/** Aliases let a small file stand for a huge one ("billion laughs"). */
const MOST_ALIASES = 100

/** The records of a YAML text (of all its documents), or why it cannot be read. */
export const recordsOfYaml = async (text: string): Promise<{ readonly records: readonly FoundRecord[] } | { readonly problem: string; readonly offset: number }> => {
  const { parseAllDocuments } = await import('yaml')
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
