import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const imago = join(root, 'packages', 'cli', 'bin', 'imago.js')
const PEAK = fileURLToPath(new URL('peak-memory.mjs', import.meta.url))

/** Runs node once. Returns its wall time in seconds and its peak memory in MiB. */
export const runNode = (args, { stdin = null } = {}) =>
  new Promise((resolve, reject) => {
    const started = process.hrtime.bigint()
    const child = spawn(process.execPath, ['--import', PEAK, ...args], {
      stdio: [stdin ?? 'ignore', 'ignore', 'pipe', 'pipe'],
    })
    let errors = ''
    let peak = ''
    child.stderr.on('data', (data) => (errors += data))
    child.stdio[3].on('data', (data) => (peak += data))
    child.on('error', reject)
    child.on('close', (code) => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9
      if (code === 0) resolve({ seconds, mebibytes: Number(peak) / 1024 })
      else reject(new Error(`${args.join(' ')} exited with ${code}: ${errors}`))
    })
  })

/** Runs a program once, without instrumentation. Returns its wall time and its processor time, user and system, in seconds, as bash reports them. */
export const runProgram = (command, { cwd, env, exitCodes = [0] } = {}) =>
  new Promise((resolve, reject) => {
    const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>&1 </dev/null'
    const child = spawn('bash', ['-c', script, 'bash', ...command], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
    let times = ''
    child.stderr.on('data', (data) => (times += data))
    child.on('error', reject)
    child.on('close', (code) => {
      const [wall, user, system] = times.trim().split(' ').map(Number)
      if (exitCodes.includes(code)) resolve({ wall, cpu: user + system })
      else reject(new Error(`${command.join(' ')} exited with ${code}: ${times}`))
    })
  })

/** Runs node once. Returns the processor time in seconds. */
export const cpuOfNode = async (args, options) => (await runProgram([process.execPath, ...args], options)).cpu

/** Writes records until the file is `bytes` long. `wrap`: text before, between and after them. */
export const writeDump = async (file, bytes, recordAt, { before, between, after, space }) => {
  mkdirSync(join(file, '..'), { recursive: true })
  const stream = createWriteStream(file)
  stream.write(before)
  let written = 0
  let count = 0
  while (written < bytes) {
    let block = ''
    while (block.length < 1 << 20 && written + block.length < bytes)
      block += `${count === 0 ? '' : between}${JSON.stringify(recordAt(count++), null, space)}`
    written += block.length
    if (!stream.write(block)) await new Promise((resolve) => stream.once('drain', resolve))
  }
  stream.end(after)
  await finished(stream)
  return count
}
