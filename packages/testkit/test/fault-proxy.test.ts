import { afterEach, describe, expect, it } from '@jest/globals'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createFaultProxy, type FaultProxy, type FaultProxyOptions } from '../src/fault-proxy.ts'

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const PAGE = {
  images: [
    { id: '1', name: 'one' },
    { id: '2', name: 'two' },
  ],
}

/** Starts a proxy in front of a server that lists two images and echoes what it receives. */
const serve = async (
  options: Partial<FaultProxyOptions> = {},
): Promise<{ readonly proxy: FaultProxy; readonly asked: readonly IncomingMessage[] }> => {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    if (request.method === 'POST') {
      response.writeHead(201, { 'content-type': 'application/octet-stream' })
      return void request.pipe(response)
    }
    const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    response
      .writeHead(200, { 'content-type': 'application/json', link: `<${here}/v1/images?page=2>; rel="next"` })
      .end(JSON.stringify({ ...PAGE, next: `${here}/v1/images?page=2` }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const proxy = await createFaultProxy({
    target: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    ...options,
  })
  closing.unshift(() => proxy.close())
  return { proxy, asked }
}

describe('createFaultProxy without a fault', () => {
  it('forwards requests and responses, and rewrites their links', async () => {
    const { proxy, asked } = await serve()
    const answer = await fetch(`${proxy.url}/images?page=1`, { headers: { authorization: 'Bearer x' } })
    expect(await answer.json()).toEqual({ ...PAGE, next: `${proxy.url}/images?page=2` })
    expect(answer.headers.get('link')).toBe(`<${proxy.url}/images?page=2>; rel="next"`)
    expect(asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([['/v1/images?page=1', 'Bearer x']])
    expect(await proxy.requests()).toBe(1)
  })

  it('forwards bodies of any bytes', async () => {
    const { proxy } = await serve()
    const body = Uint8Array.from({ length: 100_000 }, (_, at) => at % 256)
    const answer = await fetch(`${proxy.url}/images`, { method: 'POST', body })
    expect(answer.status).toBe(201)
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true)
  })
})

describe('createFaultProxy with a fault', () => {
  it('returns the status in the provider’s format, without calling the server', async () => {
    const { proxy, asked } = await serve({
      errorBody: (status) => ({ contentType: 'text/plain', body: `no: ${status}` }),
    })
    await proxy.set({ kind: 'status', status: 429, retryAfterS: 7 })
    const answer = await fetch(`${proxy.url}/images`)
    expect({ status: answer.status, retryAfter: answer.headers.get('retry-after'), body: await answer.text() }).toEqual(
      { status: 429, retryAfter: '7', body: 'no: 429' },
    )
    expect(asked.length).toBe(0)
    await proxy.set(null)
    expect((await fetch(`${proxy.url}/images`)).status).toBe(200)
  })

  it('breaks the connection in the middle of a body', async () => {
    const { proxy } = await serve()
    await proxy.set({ kind: 'cut' })
    await expect(fetch(`${proxy.url}/images`).then((answer) => answer.text())).rejects.toThrow()
  })

  it('truncates a body in the middle of its JSON', async () => {
    const { proxy } = await serve()
    await proxy.set({ kind: 'garbled' })
    const answer = await fetch(`${proxy.url}/images`)
    expect(answer.status).toBe(200)
    await expect(answer.json()).rejects.toThrow()
  })

  it('returns a slow response unchanged', async () => {
    const { proxy } = await serve()
    await proxy.set({ kind: 'slow', ms: 30 })
    expect(await (await fetch(`${proxy.url}/images`)).json()).toMatchObject(PAGE)
  })

  it('accepts a request and never responds, until the client disconnects', async () => {
    const { proxy, asked } = await serve()
    await proxy.set({ kind: 'silent' })
    const controller = new AbortController()
    const asking = fetch(`${proxy.url}/images`, { signal: controller.signal })
    while ((await proxy.requests()) === 0) await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    await expect(asking).rejects.toThrow('abort')
    expect(asked.length).toBe(0)
  })

  it.each([
    ['id', PAGE.images],
    ['name', PAGE.images],
  ])('adds odd records to a list of records with an %s', async (idKey, images) => {
    const { proxy } = await serve({ idKey })
    await proxy.set({ kind: 'odd-records' })
    const { images: listed } = (await (await fetch(`${proxy.url}/images`)).json()) as typeof PAGE
    const [first, ...others] = images
    const unread = Object.fromEntries(Object.entries(first ?? {}).filter(([key]) => key !== idKey))
    expect(listed).toEqual([{ ...first, imago_unexpected: true }, ...others, unread])
  })
})
