import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, afterAll, beforeAll, expect, test } from '@jest/globals'
import { createManualClock, createOpenstackSimulator, type OpenstackSimulator } from '@imago/simulator'
import { logIn } from './client.ts'
import { recordedExchanges, toShape, type Exchange } from './recorded.ts'

const IMAGE_PATH = /^\/v2\/(?:images|stores\/\w+)\/([\da-f]{8}-[\da-f-]{27})/
const NOBODY = '00000000-0000-0000-0000-000000000000'
const STEP_MS = 10
const IMPORT_MS = 1000

/** Creates a qcow2 of a size, or text if the recorded upload was text. */
const createBytes = (size: number, isText: boolean): Buffer => {
  const bytes = Buffer.alloc(size, isText ? 'text ' : 0)
  if (!isText && size >= 512) {
    bytes.write('QFI\u00FB', 0, 'latin1')
    bytes.writeBigUInt64BE(400_384n, 24)
  }
  return bytes
}

const IMAGE = createBytes(728_064, false)

// Serves the sources of the imports: an image, a redirect to it, a missing file, and a truncated image.
const files = createServer((request, response) => {
  switch (request.url) {
    case '/redirect':
      return response.writeHead(302, { location: '/img.qcow2' }).end()
    case '/missing.qcow2':
      return response.writeHead(404).end()
    case '/cut.qcow2':
      response.writeHead(200, { 'content-length': IMAGE.length })
      return response.write(IMAGE.subarray(0, 1000), () => response.destroy())
    default:
      return response.end(IMAGE)
  }
})

const clock = createManualClock(Date.UTC(2026, 10, 22, 15, 8, 54))
const tokens = new Map<string, string>()
let simulator: OpenstackSimulator
let history: readonly Exchange[] = []

beforeAll(async () => {
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve))
  simulator = await createOpenstackSimulator({ clock: clock.now, catalogue: 'none', importMs: IMPORT_MS })
  for (const name of ['demo', 'other', 'reader', 'admin']) tokens.set(name, await logIn(simulator, name))
  const { port } = files.address() as AddressInfo
  history = recordedExchanges(new Map(simulator.projects.map(({ id, name }) => [name, id])), `http://127.0.0.1:${port}`)
})

afterAll(async () => {
  await simulator.close()
  await new Promise((resolve) => files.close(resolve))
})

/** Replaces the recorded cloud's credentials by those of the simulator. */
const credentials = (text: string): string => {
  const [credential] = simulator.applicationCredentials
  const name = /"name": ?"(demo|admin)"/.exec(text)?.[1] ?? 'demo'
  return text
    .replaceAll('<PASSWORD>-appcred', credential?.secret ?? '')
    .replaceAll('4935d5a88698427d9a90083f32e0f1e7', credential?.id ?? '')
    .replaceAll('demo-appcred', credential?.name ?? '')
    .replaceAll('<PASSWORD>', `${name}-password`)
    .replaceAll('<TOKEN>', tokens.get('demo') ?? '')
}

const createBody = (exchange: Exchange): string | Buffer | undefined => {
  const { body, file } = exchange
  if (body === null) return undefined
  if (typeof body === 'string') return body
  const binary = (body as { readonly $binary?: { readonly length: number } }).$binary
  if (binary !== undefined) return createBytes(binary.length, file.includes('mismatch'))
  const isNew = exchange.method === 'POST' && exchange.path === '/v2/images' && exchange.status === 201
  return credentials(JSON.stringify(isNew ? { ...body, id: (exchange.response as { readonly id: string }).id } : body))
}

const createHeaders = (exchange: Exchange): Record<string, string> => {
  const token = exchange.badToken ? 'not-a-token' : tokens.get(exchange.as ?? '')
  const headers = Object.fromEntries(Object.entries(exchange.headers).map(([key, value]) => [key, credentials(value)]))
  return { ...headers, ...(token === undefined ? {} : { 'X-Auth-Token': token }) }
}

const findRoot = ({ service }: Exchange): string => `${simulator.url}/${service === 'keystone' ? 'identity' : 'image'}`

/** Creates an image that the recording uses but does not create. */
const make = async (id: string, index: number): Promise<void> => {
  const known = history
    .slice(index)
    .map(({ response }) => response as Readonly<Record<string, unknown>> | null)
    .find((response) => response?.['id'] === id)
  const formats =
    known ?? (history[index]?.file.includes('no-formats') ? {} : { disk_format: 'qcow2', container_format: 'bare' })
  const { name = null, disk_format = null, container_format = null } = formats
  await fetch(`${simulator.url}/image/v2/images`, {
    method: 'POST',
    headers: { 'X-Auth-Token': tokens.get('demo') ?? '' },
    body: JSON.stringify({ id, name, disk_format, container_format }),
  })
}

const isLater = ({ file }: Exchange): boolean =>
  /show-active-after|show-active-(?:two|all)|show-after-(?!content|backing)|tasks?-(?:success|failure|after)|show-two-stores|import-finished|store-delete|copy-image-already/.test(
    file,
  )

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

const UNSTABLE_HEADERS = new Set([
  'www-authenticate',
  'location',
  'x-subject-token',
  'x-openstack-request-id',
  'content-md5',
  'openstack-image-store-ids',
])

/** Reduces headers for the comparison: of those that differ between clouds, only their presence counts. */
const comparableHeaders = (
  headers: Readonly<Record<string, string>>,
  status: number,
  names: readonly string[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names
      // Fastify follows HTTP and sends no type for a missing body.
      .filter(
        (name) => headers[name] !== undefined && !(name === 'content-type' && [202, 204, 302, 405].includes(status)),
      )
      .map((name) => [name, UNSTABLE_HEADERS.has(name) ? 'there' : (headers[name] ?? '').toLowerCase()]),
  )

const isRefusal = ({ status }: Exchange): boolean => status >= 400

/** Reduces a body for the comparison: error messages must be identical; otherwise keys, types and the length of lists. */
const comparableBody = (exchange: Exchange, body: unknown): unknown => {
  if (body === null || body === '') return null
  if (typeof body === 'object' && '$binary' in body)
    return (body as { readonly $binary: { readonly length: number } }).$binary.length || null
  if (isRefusal(exchange)) return body
  const list = (body as { readonly images?: readonly unknown[] }).images
  const links =
    list === undefined ? [] : ['first', 'next'].map((key) => (body as Readonly<Record<string, unknown>>)[key])
  if (exchange.path.startsWith('/v2/schemas/')) return body
  return { shape: toShape(body), count: list?.length ?? null, links }
}

const ask = async (exchange: Exchange): Promise<Answer> => {
  const headers = createHeaders(exchange)
  const body = createBody(exchange)
  const response = await simulatorRequest(
    `${findRoot(exchange)}${withTaskId(exchange.path)}`,
    exchange.method,
    headers,
    body,
  )
  learnTaskIds(exchange, response.body)
  return response
}

const simulatorRequest = async (
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string | Buffer | undefined,
): Promise<Answer> => {
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    // Not fetch, which always adds Accept; some of these requests have none.
    const sending = request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const type = response.headers['content-type'] ?? ''
        const text = bytes.toString('utf8')
        const content = type.startsWith('application/json')
          ? JSON.parse(text)
          : type === 'application/octet-stream'
            ? { $binary: { length: bytes.length } }
            : text
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Readonly<Record<string, string>>,
          body: content,
        })
      })
    })
    sending.on('error', reject)
    sending.end(body)
  })
}

/** Requests that are not compared, with the reason. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  '260-show-active-after-web-download-200.json': 'recorded in the moment before Glance took the lock away',
}

/** The recorded IDs of tasks, with those of the simulator. */
const taskIds = new Map<string, string>()

interface WithTasks {
  readonly id?: string
  readonly tasks?: readonly { readonly id: string }[]
}

const learnTaskIds = ({ path, status, response }: Exchange, body: unknown): void => {
  if (!path.startsWith('/v2/tasks') || status >= 400) return
  const recorded = response as WithTasks
  const here = body as WithTasks
  if (recorded.id !== undefined && here.id !== undefined) taskIds.set(recorded.id, here.id)
  for (const [index, { id }] of (recorded.tasks ?? []).entries()) taskIds.set(id, here.tasks?.[index]?.id ?? id)
}

const withTaskId = (path: string): string => path.replace(/(?<=^\/v2\/tasks\/)[\da-f-]+/, (id) => taskIds.get(id) ?? id)

const patch = async (id: string, changes: unknown): Promise<void> => {
  const headers = {
    'X-Auth-Token': tokens.get('demo') ?? '',
    'content-type': 'application/openstack-images-v2.1-json-patch',
  }
  await fetch(`${simulator.url}/image/v2/images/${id}`, { method: 'PATCH', headers, body: JSON.stringify(changes) })
}

describe('recordings replayed at the simulator', () => {
  test('responds like the recorded Keystone and Glance', async () => {
    const made = new Set<string>()
    const differences: unknown[] = []
    let compared = 0
    for (const [index, exchange] of history.entries()) {
      const id = IMAGE_PATH.exec(exchange.path)?.[1]
      if (id !== undefined && id !== NOBODY && !made.has(id)) await make(id, index)
      if (id !== undefined) made.add(id)
      if (isLater(exchange)) {
        await simulator.fetched()
        clock.advance(2 * IMPORT_MS)
      }
      clock.advance(STEP_MS)
      // The recorded image was no longer protected at this point.
      if (exchange.file.startsWith('327-') && id !== undefined)
        await patch(id, [{ op: 'replace', path: '/protected', value: false }])
      const created = exchange.status === 201 ? (exchange.response as { readonly id?: string }).id : undefined
      if (created !== undefined) made.add(created)
      const answer = await ask(exchange)
      if (KNOWN_DIFFERENCES[exchange.file] !== undefined) continue
      compared++
      const names = Object.keys(exchange.responseHeaders)
      const got = {
        status: answer.status,
        headers: comparableHeaders(answer.headers, answer.status, names),
        body: comparableBody(exchange, answer.body),
      }
      const wanted = {
        status: exchange.status,
        headers: comparableHeaders(exchange.responseHeaders, exchange.status, names),
        body: comparableBody(exchange, exchange.response),
      }
      try {
        expect(got).toEqual(wanted)
      } catch {
        differences.push({ file: exchange.file, got, wanted })
      }
    }
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(250)
  }, 120_000)
})
