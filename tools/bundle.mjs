// Bundles the command and nearly all of its dependencies into packages/cli/bundle. Lazily loaded modules are separate chunks.
// Does nothing if the bundle is newer than all of its inputs.
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { BUNDLE, isBundleFresh } from '../packages/cli/bin/bundle.js'

if (isBundleFresh()) process.exit(0)

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = fileURLToPath(BUNDLE)
// Built in another directory and moved at the end: until then, the command runs from the old bundle or from its modules.
const unfinished = join(root, 'node_modules', '.cache', 'imago', `bundle-${process.pid}`)

/** Of these, only `default` is used. */
const NAMELESS = ['cli-progress']

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['packages/cli/dist/main.js'],
  outdir: unfinished,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  metafile: true,
  logLevel: 'warning',
  // These load files beside them, or are large and rarely used. The command’s package depends on them directly.
  external: ['@pnpm/tabtab', 'lzma-native', 'ssh2', '@imago/simulator', '@imago/store'],
  banner: {
    js: "import { createRequire as createRequireHere } from 'node:module'\nconst require = createRequireHere(import.meta.url)",
  },
})

// In a bundle, a CommonJS module loaded with `import()` has only `default`; in Node, it has named exports, too. A module of ours that imports names
// is in between.
const nameless = Object.values(metafile.outputs).flatMap(({ entryPoint, exports }) =>
  entryPoint?.includes('node_modules/') && exports.join() === 'default' ? [entryPoint] : [],
)
const unheard = nameless.filter((path) => !NAMELESS.some((name) => path.includes(`node_modules/${name}/`)))
if (unheard.length > 0)
  throw new Error(`import() of CommonJS, which works otherwise in a bundle than in Node: ${unheard.join(', ')}`)

const inputs = Object.keys(metafile.inputs)
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

/** For tests: the content of each chunk. */
const contents = Object.fromEntries(
  Object.entries(metafile.outputs).map(([path, output]) => [
    relative(unfinished, join(root, path)),
    Object.keys(output.inputs),
  ]),
)
writeFileSync(join(unfinished, 'contents.json'), JSON.stringify(contents))
/** The inputs that must not be newer than the bundle. */
const builds = [
  ...[...ownFolders].map((path) => join(path, 'dist', '.tsbuildinfo')),
  'pnpm-lock.yaml',
  'tools/bundle.mjs',
]
writeFileSync(join(unfinished, 'builds.json'), JSON.stringify(builds.map((path) => relative(folder, join(root, path)))))

rmSync(folder, { recursive: true, force: true })
renameSync(unfinished, folder)
