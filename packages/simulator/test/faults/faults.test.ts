import { get, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Fault, FaultRule } from '../../src/index.ts'
import { startSmall, type Small } from './target.ts'

let small: Small
beforeEach(async () => {
  small = await startSmall()
})
afterEach(() => small.close())

const json = async (path: string): Promise<unknown> => (await fetch(small.url + path)).json()
const strike = (fault: Fault, rest: Omit<FaultRule, 'fault'> = {}): number => small.faults.add({ ...rest, fault })

/** Returns the number of body bytes received, and how the response ended: `silence` after this many milliseconds without data. */
const received = (path: string, silenceMs = 0): Promise<{ readonly bytes: number; readonly end: string }> =>
  new Promise((resolve) => {
    const request = get(small.url + path, (response: IncomingMessage) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.once('data', () =>
        response.setTimeout(silenceMs, () => {
          resolve({ bytes, end: 'silence' })
          response.destroy()
        }),
      )
      response.on('end', () => resolve({ bytes, end: 'whole' }))
      response.on('error', (error: NodeJS.ErrnoException) => resolve({ bytes, end: error.code ?? 'error' }))
    })
    request.on('error', (error: NodeJS.ErrnoException) => resolve({ bytes: 0, end: error.code ?? 'error' }))
  })

describe('faults instead of a response', () => {
  it('status: returns the provider’s format and headers', async () => {
    strike({ kind: 'status', status: 429 })
    const response = await fetch(`${small.url}/things`)
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('7')
    expect(await response.text()).toBe('{"own":429}')
  })

  it('status: returns a given body and headers', async () => {
    strike({ kind: 'status', status: 503, body: 'busy', headers: { 'Content-Type': 'text/plain', 'X-Why': 'test' } })
    const response = await fetch(`${small.url}/things`)
    expect(response.status).toBe(503)
    expect(response.headers.get('content-type')).toBe('text/plain')
    expect(response.headers.get('x-why')).toBe('test')
    expect(await response.text()).toBe('busy')
  })

  it('html: returns a gateway’s page', async () => {
    strike({ kind: 'html', status: 502 })
    const response = await fetch(`${small.url}/things`)
    expect(response.status).toBe(502)
    expect(response.headers.get('content-type')).toBe('text/html')
    expect(await response.text()).toContain('<h1>502 Bad Gateway</h1>')
  })

  it('redirect: returns the location', async () => {
    strike({ kind: 'redirect', location: 'http://127.0.0.1:9/elsewhere', status: 307 })
    const response = await fetch(`${small.url}/things`, { redirect: 'manual' })
    expect(response.status).toBe(307)
    expect(response.headers.get('location')).toBe('http://127.0.0.1:9/elsewhere')
  })

  it('reset: breaks the connection before a response', async () => {
    strike({ kind: 'reset', atByte: 0 })
    expect(await received('/things')).toEqual({ bytes: 0, end: 'ECONNRESET' })
  })
})

describe('faults in the bytes of a response', () => {
  it.each([10, 50_000])('reset: breaks the connection after %i bytes of the body', async (atByte) => {
    strike({ kind: 'reset', atByte })
    expect(await received(atByte === 10 ? '/things' : '/file')).toEqual({ bytes: atByte, end: 'ECONNRESET' })
  })

  it('stall: sends nothing more, and keeps the connection open', async () => {
    strike({ kind: 'stall', atByte: 50 })
    expect(await received('/file', 400)).toEqual({ bytes: 50, end: 'silence' })
  })

  it.each<Fault>([
    { kind: 'stall', atByte: 0 },
    { kind: 'slow', bytesPerSecond: 10 },
  ])('$kind: tolerates a client that disconnects', async (fault) => {
    strike(fault, { times: 1 })
    const leaving = new AbortController()
    const answer = fetch(`${small.url}/file`, { signal: leaving.signal })
    while (small.requests.all().length === 0) await new Promise((resolve) => setImmediate(resolve))
    // Once with a new request, once during the response.
    if (fault.kind === 'slow') await answer
    leaving.abort()
    await expect(answer.then((response) => response.text())).rejects.toThrow('aborted')
    expect(await json('/things')).toMatchObject({ things: [{ id: 1 }] })
  })

  it('truncate: returns a complete message with half a document', async () => {
    strike({ kind: 'truncate', atByte: 20 })
    const response = await fetch(`${small.url}/things`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-length')).toBe('20')
    expect(await response.text()).toBe('{"things":[{"id":1,"')
  })

  it('slow: does not exceed the rate', async () => {
    strike({ kind: 'slow', bytesPerSecond: 500_000 })
    const started = performance.now()
    expect(await received('/file')).toEqual({ bytes: 100_000, end: 'whole' })
    expect(performance.now() - started).toBeGreaterThan(150)
  })

  it('latency: delays the response', async () => {
    strike({ kind: 'latency', ms: 60 })
    const started = performance.now()
    await json('/things')
    expect(performance.now() - started).toBeGreaterThan(55)
  })

  it('oversize: returns the same JSON with padding', async () => {
    strike({ kind: 'oversize', bytes: 3_000_000 })
    const text = await (await fetch(`${small.url}/things?page=3`)).text()
    expect(text.length).toBe(3_000_000)
    expect(JSON.parse(text)).toEqual({ things: [{ id: 3, name: 'thing 3' }], next: null })
  })

  it('content-type: returns the wrong type', async () => {
    strike({ kind: 'content-type', value: 'text/html' })
    const response = await fetch(`${small.url}/things`)
    expect(response.headers.get('content-type')).toBe('text/html')
    expect(await response.json()).toEqual({ things: [{ id: 1, name: 'thing 1' }], next: '/things?page=2' })
  })
})

describe('faults in the content of a page', () => {
  it('loop: links each page to itself', async () => {
    strike({ kind: 'loop' }, { path: '^/things\\?page=2' })
    expect(await json('/things')).toMatchObject({ next: '/things?page=2' })
    expect(await json('/things?page=2')).toMatchObject({ next: '/things?page=2' })
  })

  it('duplicate: repeats the first record', async () => {
    strike({ kind: 'duplicate' })
    expect(await json('/things')).toMatchObject({ things: [{ id: 1 }] })
    expect(await json('/things?page=2')).toMatchObject({ things: [{ id: 1 }, { id: 2 }] })
  })

  it('odd-records: adds odd records', async () => {
    strike({ kind: 'odd-records' })
    expect(await json('/things')).toMatchObject({ things: [{ id: 1 }, { id: 1, odd: true }] })
  })

  it('terminal-escapes: adds escape sequences', async () => {
    strike({ kind: 'terminal-escapes' })
    const { things } = (await json('/things')) as { readonly things: readonly { readonly name: string }[] }
    expect(things[0]?.name).toMatch(/^\u001B.*thing 1$/)
  })

  it('foreign-link: links to another origin', async () => {
    strike({ kind: 'foreign-link', origin: 'http://evil.test' })
    const response = await fetch(`${small.url}/things`)
    expect(response.headers.get('link')).toBe('http://evil.test')
    expect(await response.json()).toMatchObject({ next: 'http://evil.test/things' })
  })
})

describe('rules', () => {
  const status = async (path: string, method = 'GET'): Promise<number> =>
    (await fetch(small.url + path, { method })).status

  it('affect as many requests as set, after as many as set', async () => {
    strike({ kind: 'html', status: 503 }, { times: 2, after: 1 })
    expect(await status('/things')).toBe(200)
    expect(await status('/things')).toBe(503)
    expect(await status('/things')).toBe(503)
    expect(await status('/things')).toBe(200)
  })

  it('match by method and glob', async () => {
    strike({ kind: 'html', status: 503 }, { method: 'get', path: '/th*' })
    expect(await status('/things?page=2')).toBe(503)
    expect(await status('/file')).toBe(200)
    expect(await status('/things', 'DELETE')).toBe(404)
  })

  it.each([
    ['/v1/*', '/v1/images', true],
    ['/v1/*', '/v1/images/1', false],
    ['/v1/**', '/v1/images/1?page=2', true],
    ['/v1.0', '/v1x0', false],
    ['^/v1/images\\?.*page=2', '/v1/images?per_page=3&page=2', true],
    ['^/v1/images$', '/v1/images?page=2', false],
  ])('match %s with %s: %s', (path, url, isStruck) => {
    small.faults.add({ path, fault: { kind: 'loop' } })
    expect(small.faults.strike('GET', url)).toHaveLength(isStruck ? 1 : 0)
  })

  it('have no effect after their removal', async () => {
    const id = strike({ kind: 'html', status: 503 })
    expect(await status('/things')).toBe(503)
    expect(small.faults.remove(id)).toBe(true)
    expect(small.faults.remove(id)).toBe(false)
    expect(await status('/things')).toBe(200)
  })

  it('can affect a request together', async () => {
    strike({ kind: 'odd-records' })
    strike({ kind: 'truncate', atByte: 40 })
    expect(await (await fetch(`${small.url}/things`)).text()).toHaveLength(40)
  })

  it('expire the provider’s tokens with expire-token', async () => {
    strike({ kind: 'expire-token' }, { times: 1 })
    await status('/things')
    await status('/things')
    expect(small.expired()).toBe(1)
  })
})

describe('faults of the simulators', () => {
  it('close ends pending responses', async () => {
    strike({ kind: 'stall', atByte: 50 })
    const response = await fetch(`${small.url}/file`)
    const ended = response.arrayBuffer().then(
      () => 'whole',
      () => 'broken',
    )
    await small.close()
    expect(await ended).toBe('broken')
  })

  describe('control routes', () => {
    const send = (method: string, path: string, body?: unknown): Promise<Response> =>
      fetch(`${small.url}/_simulator${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })

    it('add, list and remove rules', async () => {
      const added = await send('POST', '/faults', { times: 1, fault: { kind: 'html', status: 502 } })
      expect(added.status).toBe(201)
      expect(await added.json()).toEqual({ id: 1 })
      expect(await (await send('GET', '/faults')).json()).toEqual({
        faults: [{ id: 1, struck: 0, times: 1, fault: { kind: 'html', status: 502 } }],
      })
      expect((await send('DELETE', '/faults/1')).status).toBe(204)
      expect((await send('DELETE', '/faults/1')).status).toBe(404)
      expect((await send('DELETE', '/faults')).status).toBe(204)
    })

    it.each([
      {},
      { fault: { kind: 'nonsense' } },
      { fault: { kind: 'html' } },
      { fault: { kind: 'loop' }, time: 1 },
      { path: '^(', fault: { kind: 'loop' } },
    ])('refuse invalid rules: %j', async (rule) => {
      const response = await send('POST', '/faults', rule)
      expect(response.status).toBe(400)
      expect(small.faults.list()).toEqual([])
      expect(await response.json()).toHaveProperty('error')
    })

    it('are not logged, unlike other requests, whose header values are omitted', async () => {
      await fetch(`${small.url}/things?page=2`, { headers: { 'X-Auth-Token': 'secret' } })
      await json('/file').catch(() => null)
      const { requests } = (await (await send('GET', '/requests')).json()) as { readonly requests: readonly unknown[] }
      expect(requests).toMatchObject([
        { method: 'GET', url: '/things?page=2', hadCredential: true },
        { method: 'GET', url: '/file', hadCredential: false },
      ])
      expect(JSON.stringify(requests)).not.toContain('secret')
      await send('DELETE', '/requests')
      expect(small.requests.all()).toEqual([])
    })
  })
})
