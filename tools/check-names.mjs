// Checks that no function is named `xOf`: names of functions start with a verb (`parseInstant`, `findEntry`). Allowed are predicates (`isPartOf`), names
// of libraries and the keywords of JSON Schema. Argument: the root of another tree.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = ['packages', 'adapters', 'schemas', 'examples', 'tools', 'lab']
const LEFT_OUT = new Set(['node_modules', 'dist', 'bundle', 'fixtures', 'etc'])
/** Keywords of JSON Schema, and methods that JavaScript calls or defines. */
const ALLOWED = new Set(['anyOf', 'allOf', 'oneOf', 'valueOf', 'indexOf', 'lastIndexOf'])

const isRefused = (name) => /^[a-z]\w*Of$/.test(name) && !/^(?:is|has|can)[A-Z]/.test(name) && !ALLOWED.has(name)

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression', 'TSDeclareFunction'])
/** Wrappers that leave a value what it is. */
const WRAPPERS = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'ParenthesizedExpression',
  'TSParenthesizedType',
])

const isFunction = (node) => {
  if (node === null || node === undefined) return false
  if (WRAPPERS.has(node.type)) return isFunction(node.expression ?? node.typeAnnotation)
  if (node.type === 'TSTypeAnnotation') return isFunction(node.typeAnnotation)
  return FUNCTIONS.has(node.type) || node.type === 'TSFunctionType'
}

/** Returns the name that a node gives to a function, as an identifier or key; `null`: it names none. */
const findNamed = (node) => {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'TSDeclareFunction':
      return node.id
    case 'VariableDeclarator':
      return isFunction(node.init) || isFunction(node.id.typeAnnotation) || isCreatedFunction(node.init)
        ? node.id
        : null
    case 'Property':
    case 'PropertyDefinition':
      return isFunction(node.value) || isFunction(node.typeAnnotation) ? node.key : null
    case 'MethodDefinition':
    case 'TSMethodSignature':
      return node.key
    case 'TSPropertySignature':
      return isFunction(node.typeAnnotation) ? node.key : null
    case 'Identifier':
      return isFunction(node.typeAnnotation) ? node : null
    default:
      return null
  }
}

/** Whether a call returns a function, by its name: `flow(…)`, `memoize(…)`. */
const isCreatedFunction = (node) =>
  node?.type === 'CallExpression' &&
  node.callee.type === 'Identifier' &&
  /^(?:flow|memoi[sz]e\w*)$/.test(node.callee.name)

const findRefused = (file, text) => {
  const found = new Map()
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return
    if (Array.isArray(node)) return node.forEach(visit)
    const named = typeof node.type === 'string' ? findNamed(node) : null
    if (named?.type === 'Identifier' && isRefused(named.name)) found.set(named.start, named.name)
    for (const value of Object.values(node)) visit(value)
  }
  visit(parseSync(file, text).program)
  return [...found].map(([start, name]) => ({ name, line: text.slice(0, start).split('\n').length }))
}

const findFiles = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : findFiles(join(folder, entry.name))
    return /\.(?:ts|mjs|js)$/.test(entry.name) ? [join(folder, entry.name)] : []
  })

const files = FOLDERS.map((folder) => join(root, folder))
  .filter((path) => existsSync(path))
  .flatMap(findFiles)
let count = 0
for (const file of files)
  for (const { name, line } of findRefused(file, readFileSync(file, 'utf8'))) {
    count++
    process.stderr.write(`${relative(root, file)}:${line}: ${name}: start the name of a function with a verb\n`)
  }
process.stdout.write(`${files.length} files, ${count} functions named xOf\n`)
process.exit(count > 0 ? 1 : 0)
