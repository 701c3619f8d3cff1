// Serves lists of any length for two clouds: Hetzner's pages of at most 50, Glance's of at most 1,000, and Keystone. Images are derived from their
// number, so that serving them is cheap. GET /requests returns the number of requests so far. As a program: `node long-lists.mjs COUNT` prints its addresses.
import { createServer } from 'node:http'
import { pathToFileURL } from 'node:url'
import { glanceRecord, hetznerRecord } from './records.mjs'

const TEMPLATES = 1000
const GOLDEN = 2654435761
/** GOLDEN × INVERSE ≡ 1 (mod 2³²). */
const INVERSE = 244002641

/** Creates a writer of records that differ only in their ID. */
const createWriter = (recordAt, toId) => {
  const templates = []
  return (i) => {
    const slot = i % TEMPLATES
    templates[slot] ??= JSON.stringify({ ...recordAt(slot), id: '@' }).split('"@"')
    return templates[slot].join(toId(i))
  }
}

const rest = glanceRecord(0).id.slice(8)
const uuidAt = (i) => (Math.imul(i + 1, GOLDEN) >>> 0).toString(16).padStart(8, '0') + rest
const indexOfUuid = (id) => (Math.imul(parseInt(id.slice(0, 8), 16), INVERSE) >>> 0) - 1
const glanceText = createWriter(glanceRecord, (i) => JSON.stringify(uuidAt(i)))
const hetznerText = createWriter(hetznerRecord, (i) => String(100_000_000 + i))

const range = (from, to, text) => {
  const texts = []
  for (let i = from; i < to; i++) texts.push(text(i))
  return texts.join(',')
}

const hetznerPage = (count, parameters) => {
  const page = Number(parameters.get('page') ?? 1)
  const size = Math.min(50, Number(parameters.get('per_page') ?? 25))
  const last = Math.max(1, Math.ceil(count / size))
  const pagination = {
    page,
    per_page: size,
    previous_page: page > 1 ? page - 1 : null,
    next_page: page < last ? page + 1 : null,
    last_page: last,
    total_entries: count,
  }
  return `{"images":[${range((page - 1) * size, Math.min(count, page * size), hetznerText)}],"meta":{"pagination":${JSON.stringify(pagination)}}}`
}

const glancePage = (count, parameters) => {
  const marker = parameters.get('marker')
  const from = marker === null ? 0 : indexOfUuid(marker) + 1
  const to = Math.min(count, from + Math.min(1000, Number(parameters.get('limit') ?? 25)))
  const next = to < count ? `"/v2/images?marker=${uuidAt(to - 1)}"` : null
  return `{"images":[${range(from, to, glanceText)}],${next === null ? '' : `"next":${next},`}"first":"/v2/images","schema":"/v2/schemas/images"}`
}

const token = (glance) => ({
  token: {
    expires_at: '2099-01-01T00:00:00.000000Z',
    issued_at: '2026-01-01T00:00:00.000000Z',
    methods: ['password'],
    project: { id: 'a'.repeat(32), name: 'long', domain: { id: 'default', name: 'Default' } },
    user: { id: 'b'.repeat(32), name: 'long', domain: { id: 'default', name: 'Default' } },
    catalog: [
      {
        type: 'image',
        name: 'glance',
        id: 'c',
        endpoints: [{ id: 'd', interface: 'public', region: 'one', region_id: 'one', url: glance }],
      },
    ],
  },
})

/** Serves lists of `count` images for each cloud. `env`: the configuration for imago. */
export const startLongLists = async (count) => {
  let requests = 0
  const server = createServer((request, response) => {
    if (request.url === '/requests') return response.end(String(requests))
    requests++
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    const base = `http://127.0.0.1:${server.address().port}`
    response.setHeader('content-type', 'application/json')
    if (pathname === '/v1/images') return response.end(hetznerPage(count, searchParams))
    if (pathname === '/glance/v2/images') return response.end(glancePage(count, searchParams))
    if (pathname === '/v3/auth/tokens') {
      response.writeHead(201, { 'x-subject-token': 'long' })
      return response.end(JSON.stringify(token(`${base}/glance`)))
    }
    if (pathname === '/v3' || pathname === '/v3/')
      return response.end(
        JSON.stringify({ version: { id: 'v3.14', status: 'stable', links: [{ rel: 'self', href: `${base}/v3/` }] } }),
      )
    response.statusCode = 404
    response.end('{}')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${server.address().port}`
  return {
    env: {
      HCLOUD_TOKEN: 'long'.repeat(16),
      HCLOUD_ENDPOINT: `${base}/v1`,
      OS_AUTH_URL: `${base}/v3`,
      OS_USERNAME: 'long',
      OS_PASSWORD: 'long',
      OS_PROJECT_NAME: 'long',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { env } = await startLongLists(Number(process.argv[2]))
  process.stdout.write(`${JSON.stringify(env)}\n`)
}
