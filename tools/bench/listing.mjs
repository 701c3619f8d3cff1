// Measures time and peak memory of `imago list` with very many images from fast servers. Peak memory must not grow with the list.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './measure.mjs'
import { sizes } from './sizes.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const imago = join(root, 'packages', 'cli', 'bin', 'imago.js')
const counts = [sizes.listedImages / 100, sizes.listedImages / 10, sizes.listedImages].map(Math.ceil)
const TARGETS = {
  hetzner: ['hetzner/envvars'],
  openstack: ['openstack/envvars'],
  'both at once': ['hetzner/envvars', 'openstack/envvars'],
}
const FORMATS = ['ndjson', 'json', 'csv', 'table']

/** Serves lists of `count` images in a separate process. */
const serve = async (count) => {
  const server = spawn(process.execPath, [here('long-lists.mjs'), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const text = await new Promise((resolve) => server.stdout.once('data', resolve))
  return { env: JSON.parse(String(text)), close: () => server.kill() }
}

/** Runs `imago list` and counts its lines. */
const list = (targets, format, home, env) =>
  new Promise((resolve, reject) => {
    const started = process.hrtime.bigint()
    const child = spawn(
      process.execPath,
      ['--import', here('peak-memory.mjs'), imago, 'list', ...targets, '-o', format],
      {
        env: { PATH: process.env.PATH, HOME: home, ...env },
        stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
      },
    )
    let lines = 0
    let first = null
    let peak = ''
    child.stdout.on('data', (data) => {
      first ??= Number(process.hrtime.bigint() - started) / 1e9
      for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, at + 1)) lines++
    })
    child.stdio[3].on('data', (data) => (peak += data))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(`imago list ended with ${code}`))
      resolve({
        lines,
        first,
        seconds: Number(process.hrtime.bigint() - started) / 1e9,
        mebibytes: Number(peak) / 1024,
      })
    })
  })

/** The number of lines that are not images: a header, or the brackets of JSON. */
const FRAME = { ndjson: 0, json: 2, csv: 1, table: 1 }

export const listing = async ({ line, record }) => {
  const home = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  const peaks = new Map()
  const row = async (what, targets, format, count, env) => {
    const run = await list(targets, format, home, env)
    if (run.lines !== count * targets.length + FRAME[format])
      throw new Error(`imago list of ${count} images printed ${run.lines} lines`)
    peaks.set(`${what} ${count}`, run.mebibytes)
    line(
      `| ${what} | ${count * targets.length} | ${run.first.toFixed(2)} | ${run.seconds.toFixed(1)} | **${run.mebibytes.toFixed(0)}** |`,
    )
  }
  line('## imago list of very many images, to a pipe that is read at once')
  line('| list | images | first byte s | wall s | peak MiB |')
  line('|---|---|---|---|---|')
  for (const count of counts) {
    const { env, close } = await serve(count)
    for (const [what, targets] of Object.entries(TARGETS)) await row(`${what}, ndjson`, targets, 'ndjson', count, env)
    if (count === counts[1])
      for (const format of FORMATS.slice(1)) await row(`openstack, ${format}`, TARGETS.openstack, format, count, env)
    close()
  }
  rmSync(home, { recursive: true })
  line()
  // How much more a list ten times as long takes. V8's garbage differs between runs, so a little growth does not depend on the list.
  const growths = Object.keys(TARGETS).map((what) => {
    const [, fewer, most] = counts.map((count) => peaks.get(`${what}, ndjson ${count}`))
    return { what, mebibytes: most - fewer }
  })
  const [greatest] = growths.toSorted((a, b) => b.mebibytes - a.mebibytes)
  record('list-memory', [greatest.mebibytes], greatest.what)
}
