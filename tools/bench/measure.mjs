import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const PEAK = fileURLToPath(new URL('peak-memory.mjs', import.meta.url))

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
export const spread = (numbers) => `${Math.min(...numbers).toFixed(2)}–${Math.max(...numbers).toFixed(2)}`

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

/** Returns the wall time of a run in seconds, without instrumentation. */
export const timeNode = (args) =>
  new Promise((resolve, reject) => {
    const started = process.hrtime.bigint()
    spawn(process.execPath, args, { stdio: 'ignore' }).on('close', (code) =>
      code === 0
        ? resolve(Number(process.hrtime.bigint() - started) / 1e9)
        : reject(new Error(`${args.join(' ')} exited with ${code}`)),
    )
  })

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
