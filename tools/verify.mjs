// Proves the project: lint, types, generated files, tests, the built packages in plain Node, examples, documentation.
// Ends with `N passed, N failed`, which counts each test of jest and each of the other steps.
// --jest-only: the suite alone. --packages: what would be published, which takes longer and is CI's.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(root, 'node_modules', '.cache', 'imago')
mkdirSync(cache, { recursive: true })
const report = join(cache, 'jest.json')

let passed = 0
let failed = 0

const node = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, FORCE_COLOR: '0' } }).status === 0
const bin = (name, ...args) => node(join(root, 'node_modules', name), ...args)

const step = (what, run) => {
  const started = process.hrtime.bigint()
  process.stdout.write(`\n— ${what}\n`)
  const ok = run()
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  process.stdout.write(`${ok ? 'ok' : 'FAILED'}: ${what} (${seconds.toFixed(1)} s)\n`)
  if (ok) passed++
  else failed++
}

const jest = () => {
  rmSync(report, { force: true })
  const ok = bin('jest/bin/jest.js', '--json', `--outputFile=${report}`, '--silent', '--reporters=summary')
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    for (const { status, name, message } of testResults) if (status === 'failed') process.stdout.write(`${name}\n${message}\n`)
    passed += numPassedTests
    failed += numFailedTests
    process.stdout.write(`${numPassedTests} tests passed, ${numFailedTests} tests failed, ${numFailedTestSuites} files failed\n`)
    return ok && numPassedTests > 0
  } catch {
    process.stdout.write('jest wrote no report\n')
    return false
  }
}

const wanted = process.argv[2]
if (wanted === '--jest-only') step('tests', jest)
else if (wanted === '--packages') {
  step('packages are publishable', () => node('tools/check-packages.mjs'))
  step('API reports are fresh', () => node('tools/api-report.mjs', '--check'))
} else {
  step('lint', () => bin('oxlint/bin/oxlint', '--type-aware', '--deny-warnings'))
  step('patterns are linear', () => node('tools/check-patterns.mjs'))
  step('types of the tests', () => bin('typescript/bin/tsc', '-p', 'tsconfig.test.json'))
  step('generated documents are fresh', () => node('tools/generate.mjs', '--check'))
  step('tests', jest)
  step('the built packages in plain Node', () => node('tools/smoke.mjs'))
  step('examples', () => node('tools/run-examples.mjs'))
  step('documentation', () => node('tools/check-docs.mjs'))
}

process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed > 0 ? 1 : 0)
