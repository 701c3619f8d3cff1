// Runs every example like its `npm start`, and compares its output with expected-output.txt. --update: write these files instead.
// Examples of live clouds start the simulators themselves (tools/with-simulators.mjs): each has its own clouds.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../examples', import.meta.url))
const update = process.argv.includes('--update')

const firstDifference = (expected, got) => {
  const [wanted, printed] = [expected.split('\n'), got.split('\n')]
  const line = wanted.findIndex((text, index) => text !== printed[index])
  const at = line === -1 ? wanted.length : line
  return `line ${at + 1}\n  expected: ${wanted[at] ?? '(no such line)'}\n  printed:  ${printed[at] ?? '(no such line)'}`
}

/** Returns why the example failed; null: it passed. */
const findProblem = (name) => {
  const file = join(folder, name, 'expected-output.txt')
  const { scripts } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'))
  const { status, stdout, stderr } = spawnSync(scripts.start, {
    cwd: join(folder, name),
    encoding: 'utf8',
    shell: true,
  })
  if (status !== 0) return `exit ${status}\n${stderr}`
  if (update) writeFileSync(file, stdout)
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return expected === stdout
    ? null
    : `it printed something else than expected-output.txt, from ${firstDifference(expected, stdout)}`
}

const names = readdirSync(folder)
  .filter((name) => existsSync(join(folder, name, 'package.json')))
  .sort()
let failed = names.length === 0 ? 1 : 0
for (const name of names) {
  const problem = findProblem(name)
  process.stdout.write(problem === null ? `ok      ${name}\n` : `FAILED  ${name}: ${problem}\n`)
  if (problem !== null) failed++
}
process.exit(failed > 0 ? 1 : 0)
