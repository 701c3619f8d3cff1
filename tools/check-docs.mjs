// Runs the examples in the documentation (root, docs, lab, packages, adapters, schemas and examples) from the root of the repository. Fails if the output
// differs, or if a link is broken (no such file, no such heading). Two kinds of blocks are run:
//   ```console   a line `$ command`, followed by its output on both streams; `\` at the end continues a command; a line `…` stands for any lines,
//                and `…` at the end of a line for any rest of it
//   ```js run    a module; the following ```text block contains its output
// With `live` (```console live, ```js run live), only the simulated clouds of `imago simulate` are configured: all such blocks of a file run in order
// with the same clouds, whose clock advances with each request. Their addresses are shown with fixed ports.
// Arguments: files whose blocks are run; links are checked in all files. --update: write the real output into blocks without `…`. Commands of missing
// programs are skipped and reported.
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSimulatedClouds } from './simulated-clouds.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const update = process.argv.includes('--update')
const PLAIN = { LC_ALL: 'C.UTF-8', NO_COLOR: '1' }
const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`, ...PLAIN }
/** Programs of documented commands that may be missing on a machine. */
const OPTIONAL = ['jq', 'sqlite3', 'zstd', 'gzip']

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { env }).status === 0
const missing = OPTIONAL.filter((program) => !has(program))

/** The time limit of one command in milliseconds: a command that hangs is killed, and its output differs. */
const COMMAND_TIMEOUT_MS = 180_000

/** The environment of a block, and a function that normalizes its output. */
const HERE = { env, told: (text) => text, close: async () => undefined }

const run = ({ env, told }, program, args) =>
  new Promise((resolve) => {
    execFile(
      program,
      args,
      { cwd: root, env, encoding: 'utf8', maxBuffer: 64 * 2 ** 20, timeout: COMMAND_TIMEOUT_MS, killSignal: 'SIGKILL' },
      (_, stdout, stderr) => resolve(told(stdout + stderr)),
    )
  })
const shell = (place, command) => run(place, 'sh', ['-c', `exec < /dev/null 2>&1; ${command}`])
const module = (place, code) => run(place, process.execPath, ['--input-type=module', '--eval', code])

/** The simulated clouds of one file, started for the first block that needs them. */
const simulatedPlace = () => {
  let started = null
  const start = async () => {
    const clouds = await startSimulatedClouds({ isRepeatable: true })
    return { ...clouds, env: { ...clouds.env, ...PLAIN } }
  }
  return {
    of: (info) => (info.endsWith(' live') ? (started ??= start()) : HERE),
    close: async () => (await (started ?? HERE)).close(),
  }
}

const splitLines = (text) =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.trimEnd())
const isElided = (lines) => lines.some((line) => line.endsWith('…'))

/** Whether `got` matches `wanted`, in which `…` stands for any text. */
const matchesOutput = (wanted, got) => {
  const [first, ...rest] = wanted
  if (first === undefined) return got.length === 0
  if (first.trim() === '…') return got.some((_, index) => matchesOutput(rest, got.slice(index))) || rest.length === 0
  const [line, ...others] = got
  if (line === undefined) return false
  return (line === first || (first.endsWith('…') && line.startsWith(first.slice(0, -1)))) && matchesOutput(rest, others)
}

let ran = 0
let skipped = 0
const failures = []

/** Checks one block and returns its lines: the documented ones if they match or must not be rewritten, otherwise the real output. */
const check = (where, wanted, output) => {
  ran++
  const got = output === '' ? [] : splitLines(output)
  if (matchesOutput(wanted, got)) return wanted
  if (update && !isElided(wanted)) return got
  failures.push(
    `${where}\n  expected:\n${wanted.map((line) => `    ${line}`).join('\n')}\n  printed:\n${got
      .slice(0, 60)
      .map((line) => `    ${line}`)
      .join('\n')}`,
  )
  return wanted
}

/** Checks the lines of a console block: commands and their output. */
const checkConsole = async (where, lines, place) => {
  const shown = []
  for (let at = 0; at < lines.length;) {
    const start = at
    while (lines[at]?.endsWith('\\')) at++
    const command = lines.slice(start, ++at)
    if (!command[0].startsWith('$ ')) throw new Error(`${where}: a console block begins with a command: ${command[0]}`)
    const end = lines.findIndex((line, index) => index >= at && line.startsWith('$ '))
    const wanted = lines.slice(at, end === -1 ? lines.length : end)
    at += wanted.length
    const text = command.join('\n').slice(2)
    if (missing.some((program) => new RegExp(`(^|[|;&(]\\s*)${program}\\b`).test(text))) {
      skipped++
      shown.push(...command, ...wanted)
    } else shown.push(...command, ...check(`${where}: ${text}`, wanted, await shell(place, text)))
  }
  return shown
}

const FENCE = /^```(.*)$/
const LINK = /\]\((?![a-z]+:)([^()#\s]*)(?:#([^()\s]+))?\)/g
const HEADING = /^#{1,6} (.*)$/gm

/** Returns a page without its fenced blocks. */
const withoutBlocks = (text) => {
  let isInside = false
  return text
    .split('\n')
    .filter((line) => {
      const isFence = isInside ? line === '```' : line.startsWith('```')
      if (isFence) isInside = !isInside
      return !isInside && !isFence
    })
    .join('\n')
}

/** Returns the anchors of a page's headings, in GitHub's format. */
const anchorsIn = (text) => {
  const counts = new Map()
  return new Set(
    [...withoutBlocks(text).matchAll(HEADING)].map(([, heading]) => {
      const slug = heading
        .trim()
        .toLowerCase()
        .replace(/\[([^[\]]*)\]\([^()]*\)/g, '$1')
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-')
      const count = counts.get(slug) ?? 0
      counts.set(slug, count + 1)
      return count === 0 ? slug : `${slug}-${count}`
    }),
  )
}

const checkLinks = (file, text) => {
  for (const [, target, anchor] of withoutBlocks(text).matchAll(LINK)) {
    const path = target === '' ? join(root, file) : join(root, dirname(file), target)
    if (!existsSync(path)) failures.push(`${file}: links to ${target}, which is not there`)
    else if (anchor !== undefined && path.endsWith('.md') && !anchorsIn(readFileSync(path, 'utf8')).has(anchor))
      failures.push(`${file}: links to ${target}#${anchor}, which has no such heading`)
  }
}

const checkFile = async (file) => {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  checkLinks(file, lines.join('\n'))
  const written = []
  const simulated = simulatedPlace()
  let output = null
  for (let at = 0; at < lines.length; at++) {
    const info = FENCE.exec(lines[at])?.[1]
    written.push(lines[at])
    if (info === undefined) continue
    const end = lines.indexOf('```', at + 1)
    if (end === -1) throw new Error(`${file}:${at + 1}: a fence without an end`)
    const body = lines.slice(at + 1, end)
    const where = `${file}:${at + 1}`
    if (output !== null && info !== 'text')
      failures.push(`${where}: the js run block before it wants a text block with its output`)
    if (info === 'text' && output !== null) written.push(...check(where, body, output))
    else written.push(...(/^console\b/.test(info) ? await checkConsole(where, body, await simulated.of(info)) : body))
    output = /^js run\b/.test(info) ? await module(await simulated.of(info), body.join('\n')) : null
    written.push(lines[end])
    at = end
  }
  await simulated.close()
  if (output !== null) failures.push(`${file}: a js run block without the text block of its output`)
  if (update) writeFileSync(join(root, file), written.join('\n'))
}

const readmes = ['packages', 'adapters', 'schemas', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .sort()
    .map((name) => `${folder}/${name}/README.md`),
)
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const all = [
  'README.md',
  'CONTRIBUTING.md',
  'lab/README.md',
  ...['docs', 'docs/decisions'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .sort()
      .map((name) => `${folder}/${name}`),
  ),
  ...readmes,
]
// All files in parallel: most of the time is spent on starting programs.
const files = all.filter((file) => file.endsWith('.md') && existsSync(join(root, file)))
await Promise.all((wanted.length > 0 ? wanted : files).map(checkFile))
for (const file of files)
  if (wanted.length > 0 && !wanted.includes(file)) checkLinks(file, readFileSync(join(root, file), 'utf8'))
for (const failure of failures.sort((a, b) => (a < b ? -1 : 1))) process.stdout.write(`${failure}\n\n`)
process.stdout.write(
  `${ran} documented outputs checked, ${failures.length} differ${skipped > 0 ? `, ${skipped} skipped for want of ${missing.join(', ')}` : ''}\n`,
)
process.exit(failures.length > 0 || ran === 0 ? 1 : 0)
