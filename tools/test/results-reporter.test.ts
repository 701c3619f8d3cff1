import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

interface Results {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly failures: readonly { readonly file: string; readonly message: string }[]
  readonly skips: readonly { readonly name: string; readonly count: number }[]
  readonly files: readonly { readonly file: string; readonly durationMs: number }[]
}

const FILES = {
  'one.test.js': `
const { spawnSync } = require('node:child_process')
const fail = (fields) => { throw Object.assign(new Error('with ' + Object.keys(fields)), fields) }
it('passes', () => {})
it('fails with an error that refers to itself', () => {
  const { error } = spawnSync('no-such-program')
  throw Object.assign(error, { error })
})
it('fails with a value that JSON does not have', () => fail({ count: 1n }))
it('fails with a function', () => fail({ retry: () => {} }))
describe.skip('go (skipped: go is not installed)', () => {
  it('compiles', () => {})
  it('runs', () => {})
})
it.skip('does not apply (skipped: the source does not declare delete)', () => {})
it.skip('has no reason', () => {})
`,
  'two.test.js': "throw new Error('cannot be loaded')",
}

/** Runs jest on these files. */
const runJest = (root: string): Results => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(root, name), text)
  const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
  const output = join(root, 'results.json')
  const { stderr } = spawnSync(
    process.execPath,
    [
      path('../../node_modules/jest/bin/jest.js'),
      '--rootDir',
      root,
      '--config={"transform":{}}',
      // As verify.mjs runs it: the results of worker processes are sent to the first.
      '--maxWorkers=2',
      `--reporters=${path('../jest/results-reporter.mjs')}`,
    ],
    { encoding: 'utf8', env: { ...process.env, IMAGO_TEST_RESULTS: output, FORCE_COLOR: '0' } },
  )
  try {
    return JSON.parse(readFileSync(output, 'utf8')) as Results
  } catch {
    throw new Error(stderr)
  }
}

describe('ResultsReporter', () => {
  let root = ''
  let results: Results
  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'imago-results-')))
    results = runJest(root)
  })
  afterAll(() => rmSync(root, { recursive: true }))

  it('counts tests, and a file that cannot be loaded as one failure', () =>
    expect(results).toMatchObject({ passed: 1, failed: 4, skipped: 4 }))

  it.each([
    ['one.test.js', 'spawnSync no-such-program ENOENT'],
    ['one.test.js', 'fails with a value that JSON does not have'],
    ['one.test.js', 'fails with a function'],
    ['two.test.js', 'cannot be loaded'],
  ])('writes the failure of %s: %s', (file, text) =>
    expect(results.failures).toContainEqual({ file, message: expect.stringContaining(text) }),
  )

  it('lists groups that this machine cannot run, and tests skipped without a reason', () =>
    expect(results.skips).toEqual([
      { name: 'go (skipped: go is not installed)', count: 2 },
      { name: 'has no reason', count: 1 },
    ]))

  it('measures the duration of each file', () => {
    const durations = new Map(results.files.map(({ file, durationMs }) => [file, durationMs]))
    expect([...durations.keys()].toSorted()).toEqual(Object.keys(FILES))
    expect(durations.get('one.test.js')).toBeGreaterThan(0)
  })
})
