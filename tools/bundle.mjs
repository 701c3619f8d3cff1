// Makes one piece of the command and of nearly all that it depends on: packages/cli/bundle. What is loaded later stays apart, in chunks.
// Does nothing while the last one is newer than all that it is made of.
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { BUNDLE, isBundleFresh } from '../packages/cli/bin/bundle.js'

if (isBundleFresh()) process.exit(0)

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = fileURLToPath(BUNDLE)
// Until it is whole it is elsewhere: who runs the command meanwhile runs the old one, or the parts.
const unfinished = join(root, 'node_modules', '.cache', 'imago', `bundle-${process.pid}`)

/** Of those, only `default` is asked for. */
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
  // Those load files that lie beside them, or are seldom wanted and large. The command’s package depends on them itself.
  external: ['@pnpm/tabtab', 'lzma-native', 'ssh2', '@imago/simulator', '@imago/store'],
  banner: {
    js: "import { createRequire as createRequireHere } from 'node:module'\nconst require = createRequireHere(import.meta.url)",
  },
})

// In a bundle, what is CommonJS and loaded later by `import()` has no names but `default`; in Node it has more. A module of ours that names what it needs stands between.
const nameless = Object.values(metafile.outputs).flatMap(({ entryPoint, exports }) =>
  entryPoint?.includes('node_modules/') && exports.join() === 'default' ? [entryPoint] : [],
)
const unheard = nameless.filter((path) => !NAMELESS.some((name) => path.includes(`node_modules/${name}/`)))
if (unheard.length > 0)
  throw new Error(`import() of CommonJS, which works otherwise in a bundle than in Node: ${unheard.join(', ')}`)

const inputs = Object.keys(metafile.inputs)
const ownFolders = new Set(inputs.flatMap((path) => /^((?:packages|adapters|schemas)\/[^/]+)\//.exec(path)?.[1] ?? []))
const thirdFolders = new Set(inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []))

/** The licence of a package whose code is in the bundle: its terms ask that it goes with every copy. */
const noticeOf = (path) => {
  const { name, version, license } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))
  const file = readdirSync(join(root, path)).find((one) => /^(?:licen[cs]e|copying)/i.test(one))
  return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(join(root, path, file), 'utf8').trim()}`
}
writeFileSync(
  join(unfinished, 'THIRD-PARTY-LICENSES.txt'),
  [...thirdFolders]
    .sort()
    .map(noticeOf)
    .join(`\n\n${'-'.repeat(80)}\n\n`),
)

/** For tests: what is in each chunk. */
const contents = Object.fromEntries(
  Object.entries(metafile.outputs).map(([path, output]) => [
    relative(unfinished, join(root, path)),
    Object.keys(output.inputs),
  ]),
)
writeFileSync(join(unfinished, 'contents.json'), JSON.stringify(contents))
/** What the bundle must not be older than. */
const builds = [
  ...[...ownFolders].map((path) => join(path, 'dist', '.tsbuildinfo')),
  'pnpm-lock.yaml',
  'tools/bundle.mjs',
]
writeFileSync(join(unfinished, 'builds.json'), JSON.stringify(builds.map((path) => relative(folder, join(root, path)))))

rmSync(folder, { recursive: true, force: true })
renameSync(unfinished, folder)
