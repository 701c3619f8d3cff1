// Checks that there are no import cycles between files, or between folders of a package, including type-only imports.
// A folder is a direct child of `src/`, with everything in it. Argument: the root of another tree.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'
import { findCycles, folderGraph } from './cycles/graph.mjs'

/** Returns the relative files that a file imports, re-exports or uses in a type: paths from the root of `files`. */
const findImports = (file, text) => {
  const { module } = parseSync(file, text)
  const statics = module.staticImports.map(({ moduleRequest }) => moduleRequest.value)
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => (moduleRequest === null ? [] : [moduleRequest.value])),
  )
  const dynamic = module.dynamicImports.map(({ moduleRequest }) =>
    text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
  )
  const inTypes = [...text.matchAll(/\bimport\('([^']+)'\)/g)].map((match) => match[1])
  return [
    ...new Set(
      [...statics, ...exported, ...dynamic, ...inTypes]
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => posix.join(posix.dirname(file), specifier)),
    ),
  ]
}

/** Returns the imports of each file among `files` (texts by path). */
const importGraph = (files) =>
  new Map([...files].map(([file, text]) => [file, findImports(file, text).filter((path) => files.has(path))]))

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))

const sourcesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))

const checkPackage = (path) => {
  const source = `${path}/src`
  const files = new Map(
    sourcesIn(join(root, source)).map((file) => [
      relative(root, file).replaceAll('\\', '/'),
      readFileSync(file, 'utf8'),
    ]),
  )
  const graph = importGraph(files)
  const folders = folderGraph(graph, source)
  const examples = (group) =>
    group.flatMap((folder) =>
      [...folders.get(folder)].filter(([target]) => group.includes(target)).map(([, example]) => `\n  ${example}`),
    )
  return [
    ...findCycles(graph).map((group) => `files import each other:${group.map((file) => `\n  ${file}`).join('')}`),
    ...findCycles(new Map([...folders].map(([folder, targets]) => [folder, [...targets.keys()]]))).map(
      (group) => `folders of ${source} import each other: ${group.join(', ')}${examples(group).join('')}`,
    ),
  ]
}

const paths = ['packages', 'adapters', 'schemas'].flatMap((folder) =>
  (existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [])
    .map((name) => `${folder}/${name}`)
    .filter((path) => existsSync(join(root, path, 'src'))),
)
const cycles = paths.flatMap(checkPackage)
for (const cycle of cycles) process.stderr.write(`${cycle}\n`)
process.stdout.write(`${paths.length} packages, ${cycles.length} cycles\n`)
process.exit(cycles.length > 0 ? 1 : 0)
