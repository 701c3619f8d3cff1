// Measures what grows with the number of clouds and of planned transfers: time, processor time, peak memory and requests.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { imago } from './measure.mjs'
import { sizes } from './sizes.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
/** Half of them are Hetzner projects, half OpenStack projects. */
const CLOUDS = sizes.isSmall ? [2, 4] : [2, 20, 200]
const IMAGES_PER_CLOUD = 200
const PLANS = [sizes.plans / 100, sizes.plans / 10, sizes.plans].map(Math.ceil)

/** Starts a server that prints JSON once it serves. */
const serve = async (args) => {
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const text = await new Promise((resolve) => server.stdout.once('data', resolve))
  return { told: JSON.parse(String(text)), close: () => server.kill() }
}

/** Runs imago and counts the lines that it prints. */
const run = (args, env) =>
  new Promise((resolve, reject) => {
    const started = process.hrtime.bigint()
    const child = spawn(process.execPath, ['--import', here('peak-memory.mjs'), imago, ...args], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    })
    let lines = 0
    let peak = ''
    child.stdout.on('data', (data) => {
      for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, at + 1)) lines++
    })
    child.stdio[3].on('data', (data) => (peak += data))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(`imago ${args.join(' ')} ended with ${code}`))
      resolve({ lines, seconds: Number(process.hrtime.bigint() - started) / 1e9, mebibytes: Number(peak) / 1024 })
    })
  })

const row = (line, what, requests, { seconds, mebibytes }) =>
  line(`| ${what} | ${requests} | ${seconds.toFixed(1)} | **${mebibytes.toFixed(0)}** |`)

/** The configuration of `count` clouds, half of them of each provider. */
const writeClouds = (folder, count, { HCLOUD_ENDPOINT, OS_AUTH_URL }) => {
  mkdirSync(folder)
  const half = Array.from({ length: count / 2 }, (_, index) => String(index).padStart(3, '0'))
  const contexts = half.map((index) => `[[contexts]]\nname = "h${index}"\ntoken = "${index.padStart(64, 'x')}"\n`)
  writeFileSync(
    join(folder, 'cli.toml'),
    `active_context = "h000"\n[preferences]\nendpoint = "${HCLOUD_ENDPOINT}"\n${contexts.join('')}`,
  )
  const clouds = half.map((index) => [
    `o${index}`,
    {
      region_name: 'one',
      auth: {
        auth_url: OS_AUTH_URL,
        username: 'long',
        password: 'long',
        project_name: `o${index}`,
        user_domain_name: 'Default',
        project_domain_name: 'Default',
      },
    },
  ])
  // JSON is YAML.
  writeFileSync(join(folder, 'clouds.yaml'), JSON.stringify({ clouds: Object.fromEntries(clouds) }))
  return {
    HCLOUD_CONFIG: join(folder, 'cli.toml'),
    HCLOUD_ENDPOINT,
    OS_CLIENT_CONFIG_FILE: join(folder, 'clouds.yaml'),
  }
}

const manyClouds = async (line, folder) => {
  line(`## imago list -o ndjson of many clouds with ${IMAGES_PER_CLOUD} images each`)
  line('| clouds | requests | wall s | peak MiB |')
  line('|---|---|---|---|')
  const server = await serve([here('long-lists.mjs'), String(IMAGES_PER_CLOUD)])
  try {
    const address = new URL('/requests', server.told.HCLOUD_ENDPOINT)
    for (const count of CLOUDS) {
      const env = { HOME: folder, ...writeClouds(join(folder, String(count)), count, server.told) }
      const before = Number(await (await fetch(address)).text())
      const listed = await run(['list', '-o', 'ndjson'], env)
      const requests = Number(await (await fetch(address)).text()) - before
      if (listed.lines !== count * IMAGES_PER_CLOUD) throw new Error(`imago list printed ${listed.lines} lines`)
      row(line, count, requests, listed)
    }
  } finally {
    server.close()
  }
  line()
}

const manyPlans = async (line, folder) => {
  line('## imago plan of many images of a simulated Glance')
  line('| plans | requests | wall s | peak MiB |')
  line('|---|---|---|---|')
  const config = join(folder, 'simulated')
  const largest = String(Math.max(...PLANS))
  const server = await serve([imago, 'simulate', '--images', largest, '--config-dir', config, '-o', 'json'])
  try {
    const env = { HOME: folder, ...server.told.env }
    const logs = [env.HCLOUD_ENDPOINT, server.told.openstack.authUrl].map(
      (address) => new URL('/_simulator/requests', address),
    )
    const countRequests = async () => {
      let sum = 0
      for (const log of logs) sum += (await (await fetch(log)).json()).requests.length
      return sum
    }
    for (const target of ['other:', 'production:'])
      for (const count of PLANS) {
        for (const log of logs) await fetch(log, { method: 'DELETE' })
        // Their names are numbered with five digits, from generated-00000.
        const text = `generated-${'0'.repeat(Math.max(0, 6 - String(count).length))}`
        const planned = await run(['plan', '--all', 'demo:', target, '--text', text, '-o', 'value', '-c', 'id'], env)
        if (planned.lines !== count) throw new Error(`imago plan printed ${planned.lines} lines`)
        row(line, `${count} to ${target === 'other:' ? 'Glance' : 'Hetzner'}`, await countRequests(), planned)
      }
  } finally {
    server.close()
  }
  line()
}

export const scale = async ({ line }) => {
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  try {
    await manyClouds(line, folder)
    await manyPlans(line, folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
