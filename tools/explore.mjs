// Runs the property tests in rounds with different seeds, and prints the seeds that fail.
//   npm run test:explore -- [ROUNDS] [--seed N] [PATH…]
// Round number i has the seed N + i. To reproduce a failure: IMAGO_TEST_SEED=SEED npm run jest -- PATH.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: String(Date.now() % 2 ** 31) } },
})
const [roundsText = '5', ...paths] = /^\d+$/.test(positionals[0] ?? '') ? positionals : ['5', ...positionals]
const rounds = Number(roundsText)
const first = Number(values.seed)
if (!Number.isSafeInteger(first) || rounds < 1) {
  process.stderr.write('usage: npm run test:explore -- [ROUNDS] [--seed N] [PATH…]\n')
  process.exit(2)
}

const root = fileURLToPath(new URL('..', import.meta.url))
const jest = (args, options) =>
  spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    ...options,
  })

// Selects tests that import fast-check, directly or indirectly.
const { stdout } = jest(['--listTests', '--findRelatedTests', 'tools/jest/fast-check.cjs'], {
  env: { ...process.env, IMAGO_TESTS: 'all' },
})
const files = stdout
  .split('\n')
  .filter((file) => file !== '' && (paths.length === 0 || paths.some((path) => file.includes(path))))
if (files.length === 0) {
  process.stderr.write('no test that tries random inputs is there\n')
  process.exit(2)
}

const found = []
for (let round = 0; round < rounds; round++) {
  const seed = first + round
  const { status, stderr } = jest(['--silent', '--runTestsByPath', ...files], {
    env: { ...process.env, FORCE_COLOR: '0', IMAGO_TESTS: 'all', IMAGO_TEST_SEED: String(seed) },
  })
  process.stdout.write(`seed ${seed}: ${status === 0 ? `nothing found by ${files.length} files` : 'FAILED'}\n`)
  if (status === 0) continue
  found.push(seed)
  process.stdout.write(
    stderr
      .split('\n')
      .filter((line) => !line.startsWith('PASS '))
      .join('\n'),
  )
}
process.stdout.write(
  `\n${rounds - found.length} passed, ${found.length} failed${found.length === 0 ? '' : `: seeds ${found.join(', ')}`}\n`,
)
process.exit(found.length === 0 ? 0 : 1)
