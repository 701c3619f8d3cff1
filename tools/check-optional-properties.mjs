// Checks that every optional property of an exported options type accepts `undefined`, so that callers under exactOptionalPropertyTypes can pass a
// value that may be absent.
// --write: add the missing types.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

const root = fileURLToPath(new URL('..', import.meta.url))
/** The exported types of which callers create values. */
const IS_OPTIONS =
  /^New[A-Z]|(?:Options|Parameters|Settings|Query|Request|Changes|Update|UrlImport|ErrorDetails|Rebuild|Rescue)$/
const ACCEPTING = new Set(['TSUndefinedKeyword', 'TSUnknownKeyword', 'TSAnyKeyword'])

const acceptsUndefined = (type) =>
  ACCEPTING.has(type.type) || (type.type === 'TSUnionType' && type.types.some(acceptsUndefined))

/** A function type needs parentheses in a union. */
const needsParentheses = ({ type }) => ['TSFunctionType', 'TSConstructorType', 'TSConditionalType'].includes(type)

const findStrict = (file, text) => {
  const found = []
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return
    if (Array.isArray(node)) return node.forEach(visit)
    if (node.type === 'TSPropertySignature' && node.optional === true && node.typeAnnotation !== null) {
      const type = node.typeAnnotation.typeAnnotation
      if (!acceptsUndefined(type)) found.push(type)
    }
    for (const value of Object.values(node)) visit(value)
  }
  for (const { type, declaration } of parseSync(file, text).program.body)
    if (type === 'ExportNamedDeclaration' && IS_OPTIONS.test(declaration?.id?.name ?? '')) visit(declaration)
  return found
}

const isWriting = process.argv.includes('--write')
const files = ['packages', 'adapters'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .map((name) => join(root, folder, name, 'src'))
    .filter((path) => existsSync(path))
    .flatMap((path) =>
      readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(path, file)),
    ),
)
let count = 0
for (const file of files) {
  let text = readFileSync(file, 'utf8')
  for (const type of findStrict(file, text).toReversed()) {
    count++
    const line = text.slice(0, type.start).split('\n').length
    if (!isWriting) process.stderr.write(`${relative(root, file)}:${line}: add | undefined to this optional property\n`)
    const own = text.slice(type.start, type.end)
    text = `${text.slice(0, type.start)}${needsParentheses(type) ? `(${own})` : own} | undefined${text.slice(type.end)}`
  }
  if (isWriting) writeFileSync(file, text)
}
process.stdout.write(`${files.length} files, ${count} optional properties that refuse undefined\n`)
process.exit(count > 0 && !isWriting ? 1 : 0)
