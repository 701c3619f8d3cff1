// Runs all checks: lint, types, generated files, tests, the built packages in plain Node, examples, documentation.
// Ends with `N passed, N failed`, which counts each jest test and each other step.
// The tests run in parallel to the other steps. IMAGO_TESTS=all: also run long tests, with more random inputs.
// --jest-only: run only the tests. --packages: check the packages to publish, which takes longer and runs in CI.
// --slowest N: also print the N test files that take longest. With IMAGO_TESTS=all, it shows which to make faster, and which to name *.long.test.ts.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { repeatFailures } from './jest/repeat-failures.mjs'
import { collectResults } from './jest/results.mjs'
import tier from './jest/tier.cjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const { values: options } = parseArgs({
  options: {
    'jest-only': { type: 'boolean' },
    packages: { type: 'boolean' },
    slowest: { type: 'string', default: '0' },
  },
})
const slowest = Number(options.slowest)
if (!Number.isSafeInteger(slowest) || slowest < 0) {
  process.stderr.write(`--slowest: must be a number of files, not "${options.slowest}"\n`)
  process.exit(2)
}

let passed = 0
let failed = 0

/** Runs a Node program. Its output is printed at once, because several run in parallel. */
const node = async (args, env = {}) => {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: '0', ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const [code] = await once(child, 'close')
  return { ok: code === 0, output }
}
const bin = (name, args, env) => node([join(root, 'node_modules', name), ...args], env)

const step = async (what, run) => {
  const started = process.hrtime.bigint()
  const { ok, output } = await run()
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  process.stdout.write(
    `\n— ${what}\n${output}${output === '' || output.endsWith('\n') ? '' : '\n'}${ok ? 'ok' : 'FAILED'}: ${what} (${seconds.toFixed(1)} s)\n`,
  )
  if (ok) passed++
  else failed++
}

const toLines = (lines) => lines.map((line) => `${line}\n`).join('')

const formatSlowest = (files) => {
  const all = files.reduce((sum, { durationMs }) => sum + durationMs, 0)
  const first = files.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, slowest)
  const seconds = (ms) => `${(ms / 1000).toFixed(1).padStart(7)} s`
  return [...first.map(({ file, durationMs }) => `${seconds(durationMs)}  ${file}`), `${seconds(all)}  all files`]
}

const runJest = (more) =>
  collectResults(({ parameters, env }) =>
    bin('jest/bin/jest.js', ['--silent', '--reporters=summary', ...parameters, ...more], env),
  )

const jest = async () => {
  const { ended, results, unrepeated = [] } = await (tier.isComplete ? repeatFailures(runJest) : runJest([]))
  if (results === null) return { ok: false, output: `${ended.output}\njest wrote no results` }
  passed += results.passed
  failed += results.failed
  const { failures } = results
  return {
    ok: ended.ok && results.passed > 0,
    output: toLines([
      ...failures.flatMap(({ file, message }) => [file, message]),
      ...unrepeated.flatMap(({ file, message }) => [`failed beside other tests, passed alone: ${file}`, message]),
      ...(!ended.ok && failures.length === 0 ? [ended.output] : []),
      ...(slowest > 0 ? formatSlowest(results.files) : []),
      ...results.skips.map(({ name, count }) => `not run: ${name}${count === 1 ? '' : `: ${count} tests`}`),
      `${results.passed} tests passed, ${results.failed} failed, ${failures.length} files failed`,
    ]),
  }
}

const tests = () => step('tests', jest)

const otherSteps = async () => {
  await step('lint', () => bin('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']))
  await step('format', () => node(['tools/format.mjs', '--check']))
  await step('imports without cycles', () => node(['tools/check-cycles.mjs']))
  await step('patterns are linear', () => node(['tools/check-patterns.mjs']))
  await step('options accept undefined', () => node(['tools/check-optional-properties.mjs']))
  await step('names of functions', () => node(['tools/check-names.mjs']))
  await step('types of the tests', () => bin('typescript/bin/tsc', ['-p', 'tsconfig.test.json']))
  await step('generated files are fresh', () => node(['tools/generate.mjs', '--check']))
  await step('the built packages in plain Node', () => node(['tools/smoke.mjs']))
  await step('examples', () => node(['tools/run-examples.mjs']))
  // The full run takes a minute and is left to CI.
  await step('documentation', () => node(['tools/check-docs.mjs', ...(tier.isComplete ? [] : ['README.md'])]))
}

if (options['jest-only']) await tests()
else if (options.packages) {
  await step('packages are publishable', () => node(['tools/check-packages.mjs']))
  await step('API reports are fresh', () => node(['tools/api-report.mjs', '--check']))
  await step('the API reference builds without warnings', () => node(['tools/api-docs.mjs']))
} else await Promise.all([tests(), otherSteps()])

process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed > 0 ? 1 : 0)
