import { isJsonObject } from '@imago/core'
import { maskSecrets } from './mask.ts'
import type { Output } from './stream.ts'
import { visibleJson } from './visible.ts'

const format = (value: unknown, indent: string): string =>
  (JSON.stringify(value, null, 2) ?? 'null').replaceAll('\n', `\n${indent}`)

/** The pieces of `JSON.stringify(document, null, 2)`: the entries of an object, and the items of its lists. */
function* formatPieces(document: unknown): Generator<string> {
  if (!isJsonObject(document)) return yield format(document, '')
  const entries = Object.entries(document).filter(([, value]) => value !== undefined)
  if (entries.length === 0) return yield '{}'
  let before = '{'
  for (const [key, value] of entries) {
    const name = `${before}\n  ${JSON.stringify(key)}: `
    before = ','
    if (!Array.isArray(value) || value.length === 0) yield `${name}${format(value, '  ')}`
    else {
      let opening = `${name}[`
      for (const item of value) {
        yield `${opening}\n    ${format(item, '    ')}`
        opening = ','
      }
      yield '\n  ]'
    }
  }
  yield '\n}'
}

/** Writes a JSON document with secrets masked, piece by piece: a document of 10,000 plans has 50 MB. */
export const writeDocument = async (document: unknown, output: Output): Promise<void> => {
  for (const piece of formatPieces(document)) {
    const text = maskSecrets(piece)
    output.write(output.isTerminal ? visibleJson(text) : text)
    await output.flush()
  }
  output.write('\n')
}
