// Proves that every regular expression in the sources takes linear time on any text. A backtracking pattern blocks the process, even for Ctrl-C, and
// the text is often untrusted. Uses the automaton checker of https://makenowjust-labs.github.io/recheck/, not its fuzzer.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { check } from 'recheck'
import { findPatterns } from './patterns/find-patterns.mjs'
import { plainPatterns, Unprovable } from './patterns/plain-patterns.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const cacheFolder = join(root, 'node_modules', '.cache', 'imago')
const cacheFile = join(cacheFolder, 'patterns.json')

/** A pattern that takes longer to prove is also too difficult for readers. */
const TIMEOUT_MS = 30_000

const FOLDERS = ['packages', 'adapters', 'schemas', 'examples', 'tools', 'lab']
const LEFT_OUT = new Set(['node_modules', 'dist', 'bundle', 'test', 'fixtures', 'etc'])

/** Patterns created at run time, each with the reason why no text makes it slow. */
const MADE_AT_RUN_TIME = new Map([
  [
    'packages/core/src/source/metadata-rules.ts',
    'the patterns of the adapters, which are checked where they are written',
  ],
  [
    'packages/simulator/src/faults/rules.ts',
    'who writes the test writes the pattern, and it meets the targets of requests, at most 16 KiB',
  ],
  ['packages/simulator/src/hetzner/errors.ts', 'made of the simulator’s own routes: each wildcard ends at a slash'],
  [
    'packages/simulator/src/openstack/json-schema.ts',
    'the patterns of the schemas, which are checked where they are written',
  ],
  [
    'packages/simulator/src/openstack/nova/routes.ts',
    'a filter that its caller writes, as at Nova, for names of up to 255 characters in a local simulator',
  ],
  ['tools/check-docs.mjs', 'made of the name of a program'],
])

const sourcesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : sourcesIn(path)
    return /\.(?:ts|mjs|cjs|js)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : []
  })

const readCache = () => {
  try {
    return JSON.parse(readFileSync(cacheFile, 'utf8'))
  } catch {
    return {}
  }
}

const ownText = ['check-patterns.mjs', 'patterns/plain-patterns.mjs', '../pnpm-lock.yaml'].map((name) =>
  readFileSync(new URL(name, import.meta.url), 'utf8'),
)
const version = createHash('sha256').update(JSON.stringify(ownText)).digest('hex')
const cached = readCache()
const cache = new Map(cached.version === version ? cached.faults : [])

/** Returns what is wrong with a pattern; `null`: it takes linear time. */
const decide = async (source, flags) => {
  try {
    for (const plain of plainPatterns(source, flags)) {
      // The global flag does not affect a single search, and each search starts at the end of the previous one. A sticky search starts at a given
      // position.
      const { status, complexity, attack, error } = await check(
        flags.includes('y') ? `^(?:${plain})` : plain,
        flags.replace(/[dgy]/g, ''),
        { checker: 'automaton', timeout: TIMEOUT_MS },
      )
      if (status === 'vulnerable') return `takes ${complexity.summary} time on ${attack.pattern}`
      if (status === 'unknown') return `cannot be proved linear (${error.kind}): make it simpler`
    }
    return null
  } catch (error) {
    if (error instanceof Unprovable) return error.message
    throw error
  }
}

const findFault = async (source, flags) => {
  const key = `/${source}/${flags}`
  const known = cache.get(key)
  if (known !== undefined) return known
  const fault = await decide(source, flags)
  cache.set(key, fault)
  return fault
}

/** Slow patterns that the check must detect. */
const SLOW = [/\/+$/, /(a+)+$/, /,(?![^(]*\))/, /\s*x/, /\b[\w-]*token/, /<!--[^]*?-->/]
const LINEAR = [/^\/+/, /-(?=\w*\d)/, /<[^<>]*>/g, /(?<=.)\/\d+(?=\/|$)/g, /^[A-Za-z](?:[-A-Za-z]{0,61}[A-Za-z])?$/]

const selfTest = async () => {
  const sample =
    'const a = /x+/g; new RegExp("y"); RegExp(`z`, "i"); new RegExp(a + b); s.match("w"); const t = { pattern: "v" }; const n = 4 / 2 / 1; `${/u/}`'
  const found = findPatterns('sample.ts', sample).map(({ source, flags }) => `${source}/${flags}`)
  if (found.join(' ') !== 'x+/g y/ z/i null/ w/ v/u u/')
    throw new Error(`the patterns of the sample are ${found.join(' ')}`)
  for (const { source, flags } of SLOW)
    if ((await findFault(source, flags)) === null) throw new Error(`/${source}/${flags} passes, and it is slow`)
  for (const { source, flags } of LINEAR) {
    const fault = await findFault(source, flags)
    if (fault !== null) throw new Error(`/${source}/${flags} ${fault}, and it is linear`)
  }
}

await selfTest()
const patterns = FOLDERS.flatMap((folder) => sourcesIn(join(root, folder)))
  .map((path) => relative(root, path).replaceAll('\\', '/'))
  .filter((file) => file !== 'tools/check-patterns.mjs')
  .flatMap((file) => findPatterns(file, readFileSync(join(root, file), 'utf8')))

const failures = []
const unused = new Set(MADE_AT_RUN_TIME.keys())
for (const { file, line, code, source, flags } of patterns) {
  if (source === null) {
    if (!MADE_AT_RUN_TIME.has(file))
      failures.push(`${file}:${line}: ${code} is known only at run time: write the pattern out, or compare texts`)
    unused.delete(file)
  } else {
    const fault = await findFault(source, flags)
    if (fault !== null) failures.push(`${file}:${line}: /${source}/${flags} ${fault}`)
  }
}
for (const file of unused) failures.push(`${file}: makes no pattern at run time any more: take it off the list`)

mkdirSync(cacheFolder, { recursive: true })
writeFileSync(cacheFile, JSON.stringify({ version, faults: [...cache] }))
process.stdout.write(failures.length === 0 ? `${patterns.length} patterns, all linear\n` : `${failures.join('\n')}\n`)
process.exit(failures.length === 0 ? 0 : 1)
