import { toHeaders, type HttpClient, type HttpFailure, type HttpRequest, type HttpResponse } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { createHash } from 'node:crypto'

/**
 * The outcome of one request body. `part`: the share that is read, `null`: all. `answer`: the status, `null`: the connection breaks. `saved`: how long
 * Glance saves a complete body, in milliseconds, and the result.
 */
export interface BodyFate {
  readonly part: number | null
  readonly answer: number | null
  readonly saved?: { readonly ms: number; readonly into: 'active' | 'queued' | 'gone' }
}

interface Stored {
  readonly record: Readonly<Record<string, unknown>>
  readonly due: { readonly at: number; readonly run: () => void } | null
}

/** The parts of Keystone and Glance that an upload needs, in memory without sockets, so that thousands of runs take seconds. */
export interface ModelGlance {
  readonly client: HttpClient
  readonly url: string
  readonly bodies: () => number
  /** The IDs of images that were deleted while they were saved. */
  readonly deletedWhileSaving: () => readonly string[]
  readonly images: () => readonly Readonly<Record<string, unknown>>[]
  /** Clears all state. The next bodies have these outcomes, and later ones succeed. */
  readonly begin: (fates: readonly BodyFate[]) => void
}

const PROJECT = 'b5f1a1a4c1de4b6d8c5b7a1d2f3e4a5b'
const ORIGIN = 'http://model.test'
const EMPTY = { size: null, checksum: null, os_hash_algo: null, os_hash_value: null }

const computeDigest = (algorithm: string, bytes: Buffer): string => createHash(algorithm).update(bytes).digest('hex')

export const createModelGlance = (now: () => number): ModelGlance => {
  let images = new Map<string, Stored>()
  let deleted = new Set<string>()
  let fates: readonly BodyFate[] = []
  let bodies = 0
  let wronged: string[] = []

  const settle = (): void => {
    for (const { due } of images.values()) if (due !== null && due.at <= now()) due.run()
  }
  const put = (id: string, change: Readonly<Record<string, unknown>>, due: Stored['due'] = null): void => {
    const stored = images.get(id)
    if (stored !== undefined) images.set(id, { record: { ...stored.record, ...change }, due })
  }
  const answered = (
    url: string,
    status: number,
    value?: unknown,
    headers: Readonly<Record<string, string>> = { 'x-openstack-request-id': 'req-1' },
  ): E.Either<HttpFailure, HttpResponse> => {
    const isPage = typeof value === 'string'
    return E.right({
      kind: 'text',
      status,
      url,
      headers: toHeaders(Object.entries({ 'content-type': isPage ? 'text/html' : 'application/json', ...headers })),
      text: value === undefined ? '' : isPage ? value : JSON.stringify(value),
    })
  }

  const received = async ({ body }: HttpRequest, part: number | null): Promise<Buffer> => {
    if (body?.kind !== 'stream') throw new TypeError('data are sent as a stream')
    const opened = await body.open()()
    if (E.isLeft(opened)) throw new TypeError(opened.left.what)
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of opened.right) {
      chunks.push(chunk)
      size += chunk.length
      if (part !== null && size >= (body.size ?? 0) * part) break
    }
    return Buffer.concat(chunks)
  }

  const upload = async (request: HttpRequest, id: string): Promise<E.Either<HttpFailure, HttpResponse>> => {
    const stored = images.get(id)
    if (stored === undefined) return answered(request.url, 404, { message: `No image found with ID ${id}` })
    if (stored.record['status'] !== 'queued')
      return answered(request.url, 409, {
        message: `Image status transition from ${String(stored.record['status'])} to saving is not allowed`,
      })
    const { part, answer, saved = { ms: 0, into: 'active' } } = fates[bodies] ?? { part: null, answer: 204 }
    bodies++
    put(id, { status: 'saving' })
    const bytes = part === 0 ? Buffer.alloc(0) : await received(request, part)
    const end = (): void => {
      if (saved.into === 'gone') images.delete(id)
      else if (saved.into === 'queued') put(id, { ...EMPTY, status: 'queued' })
      else
        put(id, {
          status: 'active',
          size: bytes.length,
          checksum: computeDigest('md5', bytes),
          os_hash_algo: 'sha512',
          os_hash_value: computeDigest('sha512', bytes),
        })
    }
    if (part !== null) put(id, { status: 'queued' })
    else if (saved.ms === 0) end()
    else put(id, {}, { at: now() + saved.ms, run: end })
    if (answer === null) return E.left({ _tag: 'Network', code: 'ECONNRESET', origin: ORIGIN })
    return answer === 204
      ? answered(request.url, 204)
      : answered(request.url, answer, `<html><head><title>${answer} from a gateway</title></head></html>`, {})
  }

  const create = ({ url, body }: HttpRequest): E.Either<HttpFailure, HttpResponse> => {
    const asked = body?.kind === 'json' ? (body.value as Readonly<Record<string, unknown>>) : {}
    const id = String(asked['id'])
    if (images.has(id) || deleted.has(id))
      return answered(url, 409, { message: 'An image with the same identifier already exists.' })
    const record = {
      visibility: 'shared',
      protected: false,
      os_hidden: false,
      tags: [],
      min_disk: 0,
      min_ram: 0,
      owner: PROJECT,
      ...EMPTY,
      created_at: new Date(now()).toISOString(),
      ...asked,
      status: 'queued',
    }
    images.set(id, { record, due: null })
    return answered(url, 201, record)
  }

  const login = (url: string): E.Either<HttpFailure, HttpResponse> => {
    const endpoints = [
      { id: 'e', interface: 'public', region: 'RegionOne', region_id: 'RegionOne', url: `${ORIGIN}/image` },
    ]
    const token = {
      methods: ['password'],
      expires_at: '2999-01-01T00:00:00.000000Z',
      issued_at: '2026-01-01T00:00:00.000000Z',
      user: { id: 'u', name: 'demo', domain: { id: 'default', name: 'Default' } },
      project: { id: PROJECT, name: 'demo', domain: { id: 'default', name: 'Default' } },
      roles: [],
      catalog: [{ id: 's', type: 'image', name: 'glance', endpoints }],
    }
    return answered(url, 201, { token }, { 'x-subject-token': 'token' })
  }

  const client: HttpClient = (request) => async () => {
    settle()
    const { pathname } = new URL(request.url)
    const [, id = '', last] = /\/v2\/images\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? []
    if (pathname.endsWith('/auth/tokens')) return login(request.url)
    if (pathname.endsWith('/v2/images'))
      return request.method === 'POST'
        ? create(request)
        : answered(request.url, 200, {
            images: [...images.values()].map(({ record }) => record).filter(({ status }) => status !== 'active'),
          })
    if (last === 'file') return upload(request, id)
    const stored = images.get(id)
    if (stored === undefined) return answered(request.url, 404, { message: `No image found with ID ${id}` })
    if (request.method === 'GET' && last === undefined) return answered(request.url, 200, stored.record)
    if (request.method === 'DELETE' && last === undefined) {
      if (stored.record['status'] === 'saving') wronged.push(id)
      images.delete(id)
      deleted.add(id)
      return answered(request.url, 204)
    }
    return answered(request.url, 501, { message: `the model knows no ${request.method} ${pathname}` })
  }

  return {
    client,
    url: ORIGIN,
    bodies: () => bodies,
    deletedWhileSaving: () => wronged,
    images: () => {
      settle()
      return [...images.values()].map(({ record }) => record)
    },
    begin: (next) => {
      images = new Map()
      deleted = new Set()
      wronged = []
      bodies = 0
      fates = next
    },
  }
}
