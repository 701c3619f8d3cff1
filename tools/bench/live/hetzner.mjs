// The simulator of Hetzner Cloud with 3,000 images on 60 pages, and the response times of a network.
import { join } from 'node:path'
import { createHetznerSimulator } from '../../../packages/simulator/dist/index.js'
import { curlConfig } from './curl.mjs'
import { sizes } from '../sizes.mjs'
import { here, imago } from './glance.mjs'
import { rounds, table } from './run.mjs'

const IMAGES = sizes.liveImages
const PER_PAGE = 50
const LATE_MS = 50

/** Sends an authenticated request and returns the JSON of the response. */
const ask = async ({ url, token }, path) =>
  (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).json()

const countImages = async (simulator) =>
  (await ask(simulator, '/images?include_deprecated=true&per_page=1')).meta.pagination.total_entries

export const hetzner = async (line, folder, count) => {
  // The number of images besides the requested ones.
  const usual = await createHetznerSimulator({ extraSnapshots: 100 })
  const extra = IMAGES - ((await countImages(usual)) - 100)
  await usual.close()
  // 60 requests per listing, three times per round: many rounds exceed the API's 3,600 requests per hour.
  const simulator = await createHetznerSimulator({
    extraSnapshots: extra,
    rateLimit: { limit: 1_000_000, perSecond: 1_000 },
  })
  try {
    const { url, token } = simulator
    const env = {
      HCLOUD_TOKEN: token,
      HCLOUD_ENDPOINT: url,
      HCLOUD_CONFIG: join(folder, 'none.toml'),
      OS_CLIENT_CONFIG_FILE: join(folder, 'none.yaml'),
      no_proxy: '127.0.0.1',
      NO_PROXY: '127.0.0.1',
      BENCH_URL: new URL(url).origin,
      BENCH_TOKEN: token,
    }
    const pages = Array.from(
      { length: IMAGES / PER_PAGE },
      (_, index) => `${url}/images?include_deprecated=true&sort=id:asc&per_page=${PER_PAGE}&page=${index + 1}`,
    )
    const ours = [process.execPath, imago, 'list']
    // hcloud leaves out the few deprecated images.
    const clients = [
      { name: 'curl', command: curlConfig(join(folder, 'hetzner'), pages, `Authorization: Bearer ${token}`) },
      { name: 'imago list', command: ours },
      { name: 'Node’s fetch', command: [process.execPath, here('fetch-pages.mjs'), 'hetzner'] },
      { name: 'hcloud image list', command: ['hcloud', 'image', 'list'], lacksSome: true },
    ].map((client) => ({ ...client, env, watch: ['--numbers'] }))
    for (const late of [LATE_MS, 0]) {
      simulator.faults.clear()
      if (late > 0) simulator.faults.add({ path: '/v1/**', fault: { kind: 'latency', ms: late } })
      line(
        `## ${IMAGES.toLocaleString('en')} images of Hetzner’s simulator, ${late === 0 ? 'answering at once' : `each answer ${late} ms late`}`,
      )
      line()
      line(table(await rounds(clients, { count, passes: 1, rows: IMAGES })))
    }
    line('## Hetzner’s simulator, from a cold start: one page')
    line()
    simulator.faults.clear()
    const one = [
      { name: 'hcloud image list --type app', command: ['hcloud', 'image', 'list', '--type', 'app'] },
      { name: 'imago list --kind app', command: [...ours, '--kind', 'app'] },
    ].map((client) => ({ ...client, env, watch: ['--numbers'] }))
    line(table(await rounds(one, { count, passes: sizes.isSmall ? 1 : 3, rows: null })))
  } finally {
    await simulator.close()
  }
}
