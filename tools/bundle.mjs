// Bundles the command and nearly all of its dependencies into packages/cli/bundle. Lazily loaded modules are separate chunks.
// Does nothing if the bundle is newer than all of its inputs.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { parseAst } from 'rolldown/parseAst'
import { Visitor } from 'rolldown/utils'
import { BUNDLE, isBundleFresh } from '../packages/cli/bin/bundle.js'
import { lazyBuiltins } from './bundling/lazy-builtins.mjs'
import { withoutUnusedModules } from './bundling/unused-modules.mjs'

if (isBundleFresh()) process.exit(0)

const root = fileURLToPath(new URL('..', import.meta.url))
// Built in another directory and moved at the end: until then, the command runs from the old bundle or from its modules.
const unfinished = join(root, 'node_modules', '.cache', 'imago', `bundle-${process.pid}`)

const cli = (path) => join(root, 'packages/cli/dist', path)
const adapter = (name, path) => join(root, 'adapters', name, 'dist', path)

/**
 * The modules that most commands load together, and their static imports, are one chunk each: for every file, Node takes 0.7 ms. A module belongs to the first
 * chunk that contains it. What a command loads with `import()` must be in no chunk that contains more than the command needs.
 */
const CHUNKS = {
  main: [cli('main.js'), cli('program.js')],
  vocabulary: [join(root, 'schemas/crosswalk/dist/index.js')],
  saved: [
    ...['normalize', 'explain', 'drift'].map((name) => cli(`commands/${name}/run.js`)),
    cli('providers/load-providers.js'),
    cli('output/adaptive-table.js'),
    cli('output/mask.js'),
    cli('parse-address.js'),
  ],
  configuration: [
    cli('commands/clouds/run.js'),
    cli('connect/configured-clouds.js'),
    adapter('hetzner', 'config/discover.js'),
    adapter('openstack', 'config/discover.js'),
  ],
  live: [
    cli('connect/run-live.js'),
    cli('commands/list/run.js'),
    join(root, 'packages/provider-kit/dist/live/index.js'),
  ],
  requests: [join(root, 'packages/http/dist/axios-client.js')],
  hetzner: [adapter('hetzner', 'connector.js')],
  openstack: [adapter('openstack', 'connector.js')],
}

/**
 * V8 keeps a file in one byte for each character only if all of it is Latin-1, and `bin/imago.js` reads files as Latin-1. Other characters occur only in strings and
 * patterns, not in raw templates.
 */
const toAscii = (code) =>
  code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/**
 * Replaces `import(…)` by a call of the function that `bin/imago.js` passes to each chunk: on Node 20, code that comes from a cache cannot import.
 * The code is ASCII, so that positions are the same in bytes and characters.
 */
const withImportPackage = (code) => {
  const positions = []
  new Visitor({ ImportExpression: ({ start }) => void positions.push(start) }).visit(parseAst(code))
  return positions
    .sort((a, b) => b - a)
    .reduce((text, at) => `${text.slice(0, at)}importPackage${text.slice(at + 'import'.length)}`, code)
}

/** Returns the chunk of each module that belongs to one. */
const assignChunks = (getModuleInfo) => {
  const chunks = new Map()
  const assign = (id, chunk) => {
    const info = getModuleInfo(id)
    if (info === null || info.isExternal || chunks.has(id)) return
    chunks.set(id, chunk)
    for (const imported of info.importedIds) assign(imported, chunk)
  }
  for (const [chunk, ids] of Object.entries(CHUNKS))
    for (const id of ids) {
      if (getModuleInfo(id) === null) throw new Error(`bundle: ${relative(root, id)} is not part of the command`)
      assign(id, chunk)
    }
  return chunks
}
let chunks = null

const SHARED = {
  cwd: root,
  platform: 'node',
  transform: { target: 'node20.19' },
  // Otherwise Rolldown adds the dependencies of a chunk's modules to the chunk, although an earlier one contains them.
  preserveEntrySignatures: false,
  // These load files beside them, or are large and rarely used. The command’s package depends on them directly.
  external: ['@pnpm/tabtab', 'lzma-native', 'ssh2', '@imago/fleet', '@imago/simulator', '@imago/store'],
  checks: { ineffectiveDynamicImport: false },
  resolve: {
    alias: {
      // The file that `packages/http` imports contains all of axios. In the command, modules that it does not use can be left out.
      'axios/dist/node/axios.cjs': 'axios/unsafe/axios.js',
      // The same as ES modules, of which only the functions that are used are in the bundle.
      'fp-ts/lib': 'fp-ts/es6',
      'io-ts': 'io-ts/es6/index.js',
    },
  },
  plugins: [withoutUnusedModules, lazyBuiltins],
}

/** Bundles one entry, and returns its chunks. `external`: further imports that are not bundled. `finish`: the last change of each chunk's code. */
const bundle = async (input, codeSplitting, { external = [], finish = (code) => code } = {}) => {
  const bundler = await rolldown({ ...SHARED, input, external: [...SHARED.external, ...external] })
  const { output } = await bundler.write({
    dir: unfinished,
    // Node loads CommonJS in less time than ES modules, and does not read every export of its own modules: those of `node:http` include all of fetch.
    format: 'cjs',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    comments: false,
    topLevelVar: true,
    codeSplitting,
  })
  await bundler.close()
  // Not in a plugin: Rolldown prints the code again after the plugins, because of `comments: false`.
  const chunks = output
    .filter(({ type }) => type === 'chunk')
    .map(({ fileName, moduleIds, code }) => ({ fileName, moduleIds, code: finish(toAscii(code)) }))
  for (const { fileName, code } of chunks) writeFileSync(join(unfinished, fileName), code)
  return chunks
}

const output = [
  ...(await bundle(
    { main: cli('main.js') },
    {
      includeDependenciesRecursively: false,
      groups: [
        {
          debugName: 'chunks',
          name: (id, context) => (chunks ??= assignChunks((one) => context.getModuleInfo(one))).get(id) ?? null,
        },
      ],
    },
    { finish: withImportPackage },
  )),
  // A thread of `imago normalize`. It shares no chunk with the command, because that of most shared modules also contains main.js, which runs the command. It
  // never connects to a cloud.
  ...(await bundle({ worker: cli('commands/normalize/worker.js') }, false, { external: ['./connector.js'] })),
]

/** The source files of each chunk, relative to the root. */
const contents = Object.fromEntries(
  output.map(({ fileName, moduleIds }) => [
    fileName,
    moduleIds.filter((id) => isAbsolute(id)).map((id) => relative(root, id).split(sep).join('/')),
  ]),
)
const inputs = Object.values(contents).flat()
const ownFolders = new Set(inputs.flatMap((path) => /^((?:packages|adapters|schemas)\/[^/]+)\//.exec(path)?.[1] ?? []))
const thirdFolders = new Set(inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []))

/** Returns the licence of a bundled package, whose terms require it in every copy. */
const readNotice = (path) => {
  const { name, version, license } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))
  const file = readdirSync(join(root, path)).find((one) => /^(?:licen[cs]e|copying)/i.test(one))
  return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(join(root, path, file), 'utf8').trim()}`
}
writeFileSync(
  join(unfinished, 'THIRD-PARTY-LICENSES.txt'),
  [...thirdFolders]
    .sort()
    .map(readNotice)
    .join(`\n\n${'-'.repeat(80)}\n\n`),
)

// Of the code: compiled code that is kept belongs to it.
writeFileSync(
  join(unfinished, 'digest.txt'),
  output.reduce((hash, { code }) => hash.update(code), createHash('sha256')).digest('hex'),
)
writeFileSync(join(unfinished, 'package.json'), '{ "type": "commonjs" }\n')
// For tests.
writeFileSync(join(unfinished, 'contents.json'), JSON.stringify(contents))
/** The inputs that must not be newer than the bundle. */
const builds = [
  ...[...ownFolders].map((path) => join(path, 'dist', '.tsbuildinfo')),
  'pnpm-lock.yaml',
  'tools/bundle.mjs',
  ...readdirSync(join(root, 'tools/bundling')).map((name) => join('tools/bundling', name)),
]
writeFileSync(join(unfinished, 'builds.json'), JSON.stringify(builds.map((path) => relative(BUNDLE, join(root, path)))))

rmSync(BUNDLE, { recursive: true, force: true })
renameSync(unfinished, BUNDLE)
