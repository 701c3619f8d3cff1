// `npm test` in a fresh clone of the last commit: install, build and all checks.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { root } from './measure.mjs'
import { sizes } from './sizes.mjs'

export const suite = async ({ line, record, skip }) => {
  if (sizes.isSmall) return skip('suite', 'not part of a small run')
  if (availableParallelism() < 2) return skip('suite', 'the limit is for 2 processors, and there is one')
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  const clone = join(folder, 'imago')
  // More than two processors would make the limit easier to meet.
  const pin = availableParallelism() > 2 ? ['taskset', '-c', '0,1'] : []
  // Programs that the checks start by name run on the measured Node too.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` }
  const run = (command, cwd) => {
    const [program, ...args] = command
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd,
      env,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    })
    if (error !== undefined) throw error
    if (status !== 0) throw new Error(`${command.join(' ')} exited with ${status}: ${(stdout + stderr).slice(-2000)}`)
    return stdout
  }
  try {
    run(['git', 'clone', '--quiet', root, clone], root)
    const started = process.hrtime.bigint()
    // The steps of `npm test`, on this Node.
    run([...pin, process.execPath, 'tools/setup.mjs'], clone)
    const output = run([...pin, process.execPath, 'tools/verify.mjs'], clone)
    const minutes = Number(process.hrtime.bigint() - started) / 6e10
    record('suite', [minutes])
    line('## npm test in a fresh clone')
    line(`${minutes.toFixed(1)} minutes: ${output.trim().split('\n').at(-1)}`)
    line()
  } finally {
    rmSync(folder, { recursive: true })
  }
}
