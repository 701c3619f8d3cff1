// No two files import each other in a cycle, and no two folders of a package do: type-only imports included.
// A folder is one of `src/`, with all that is in it.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseSync } from 'oxc-parser'

/** The files that a file imports, re-exports or names in a type, of the relative ones: paths from the root of `files`. */
const importsOf = (file, text) => {
  const { module } = parseSync(file, text)
  const statics = module.staticImports.map(({ moduleRequest }) => moduleRequest.value)
  const exported = module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => (moduleRequest === null ? [] : [moduleRequest.value])))
  const dynamic = module.dynamicImports.map(({ moduleRequest }) => text.slice(moduleRequest.start + 1, moduleRequest.end - 1))
  const inTypes = [...text.matchAll(/\bimport\('([^']+)'\)/g)].map((match) => match[1])
  return [...new Set([...statics, ...exported, ...dynamic, ...inTypes].filter((specifier) => specifier.startsWith('.')).map((specifier) => posix.join(posix.dirname(file), specifier)))]
}

/** `files`: texts by path. The imports of each, among them. */
export const importGraph = (files) => new Map([...files].map(([file, text]) => [file, importsOf(file, text).filter((path) => files.has(path))]))

/** The imports among folders, each with an example of its files. */
export const folderGraph = (graph, source) => {
  const folders = new Map()
  for (const [file, imports] of graph) {
    const from = folderOf(file, source)
    if (from === null) continue
    const targets = folders.get(from) ?? new Map()
    for (const path of imports) {
      const to = folderOf(path, source)
      if (to !== null && to !== from && !targets.has(to)) targets.set(to, `${file} → ${path}`)
    }
    folders.set(from, targets)
  }
  return folders
}

/** The groups of nodes that reach each other (Tarjan's strongly connected components), of more than one node. */
export const findCycles = (graph) => {
  const state = new Map()
  const stack = []
  const groups = []
  const visit = (node) => {
    const own = { index: state.size, low: state.size, isOpen: true }
    state.set(node, own)
    stack.push(node)
    for (const next of graph.get(node) ?? []) {
      const known = state.get(next)
      if (known === undefined) own.low = Math.min(own.low, visit(next).low)
      else if (known.isOpen) own.low = Math.min(own.low, known.index)
    }
    if (own.low === own.index) {
      const group = stack.splice(stack.indexOf(node))
      for (const one of group) state.get(one).isOpen = false
      if (group.length > 1 || (graph.get(node) ?? []).includes(node)) groups.push(group.toSorted((a, b) => (a < b ? -1 : 1)))
    }
    return own
  }
  for (const node of graph.keys()) if (!state.has(node)) visit(node)
  return groups
}

/** The folder of `source` that a file is in; null for a file of `source` itself, which may stand above one folder and below another. */
export const folderOf = (file, source) => /^([^/]+)\//.exec(file.slice(source.length + 1))?.[1] ?? null

const root = fileURLToPath(new URL('..', import.meta.url))

const sourcesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))

const checkPackage = (path) => {
  const source = `${path}/src`
  const files = new Map(sourcesIn(join(root, source)).map((file) => [relative(root, file).replaceAll('\\', '/'), readFileSync(file, 'utf8')]))
  const graph = importGraph(files)
  const folders = folderGraph(graph, source)
  const examples = (group) => group.flatMap((folder) => [...folders.get(folder)].filter(([target]) => group.includes(target)).map(([, example]) => `\n  ${example}`))
  return [
    ...findCycles(graph).map((group) => `files import each other:${group.map((file) => `\n  ${file}`).join('')}`),
    ...findCycles(new Map([...folders].map(([folder, targets]) => [folder, [...targets.keys()]]))).map((group) => `folders of ${source} import each other: ${group.join(', ')}${examples(group).join('')}`),
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const paths = ['packages', 'adapters', 'schemas'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`).filter((path) => existsSync(join(root, path, 'src'))))
  const cycles = paths.flatMap(checkPackage)
  for (const cycle of cycles) process.stderr.write(`${cycle}\n`)
  process.stdout.write(`${paths.length} packages, ${cycles.length} cycles\n`)
  process.exit(cycles.length > 0 ? 1 : 0)
}
