// Runs all checks: lint, types, generated files, tests, the built packages in plain Node, examples, documentation.
// Ends with `N passed, N failed`, which counts each jest test and each other step.
// The tests run in parallel to the other steps. IMAGO_TESTS=all: also run long tests, with more random inputs.
// --jest-only: run only the tests. --packages: check the packages to publish, which takes longer and runs in CI.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import tier from './jest/tier.cjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(root, 'node_modules', '.cache', 'imago')
mkdirSync(cache, { recursive: true })
const report = join(cache, 'jest.json')

let passed = 0
let failed = 0

/** Runs a Node program. Its output is printed at once, because several run in parallel. */
const node = async (...args) => {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: '0' },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const [code] = await once(child, 'close')
  return { ok: code === 0, output }
}
const bin = (name, ...args) => node(join(root, 'node_modules', name), ...args)

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

const jest = async () => {
  rmSync(report, { force: true })
  const { ok, output } = await bin(
    'jest/bin/jest.js',
    '--json',
    `--outputFile=${report}`,
    '--silent',
    '--reporters=summary',
  )
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    )
    const failures = testResults
      .filter(({ status }) => status === 'failed')
      .map(({ name, message }) => `${name}\n${message}\n`)
    passed += numPassedTests
    failed += numFailedTests
    return {
      ok: ok && numPassedTests > 0,
      output: `${failures.join('')}${numPassedTests} tests passed, ${numFailedTests} tests failed, ${numFailedTestSuites} files failed`,
    }
  } catch {
    return { ok: false, output: `${output}\njest wrote no report` }
  }
}

const tests = () => step('tests', jest)

const otherSteps = async () => {
  await step('lint', () => bin('oxlint/bin/oxlint', '--type-aware', '--deny-warnings'))
  await step('format', () => node('tools/format.mjs', '--check'))
  await step('imports without cycles', () => node('tools/check-cycles.mjs'))
  await step('patterns are linear', () => node('tools/check-patterns.mjs'))
  await step('options accept undefined', () => node('tools/check-optional-properties.mjs'))
  await step('names of functions', () => node('tools/check-names.mjs'))
  await step('types of the tests', () => bin('typescript/bin/tsc', '-p', 'tsconfig.test.json'))
  await step('generated files are fresh', () => node('tools/generate.mjs', '--check'))
  await step('the built packages in plain Node', () => node('tools/smoke.mjs'))
  await step('examples', () => node('tools/run-examples.mjs'))
  // The full run takes a minute and is left to CI.
  await step('documentation', () => node('tools/check-docs.mjs', ...(tier.isComplete ? [] : ['README.md'])))
}

const wanted = process.argv[2]
if (wanted === '--jest-only') await tests()
else if (wanted === '--packages') {
  await step('packages are publishable', () => node('tools/check-packages.mjs'))
  await step('API reports are fresh', () => node('tools/api-report.mjs', '--check'))
  await step('the API reference builds without warnings', () => node('tools/api-docs.mjs'))
} else await Promise.all([tests(), otherSteps()])

process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed > 0 ? 1 : 0)
