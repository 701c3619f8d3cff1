import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHttpClient, createTransport, fixedCredential, systemTiming, type HttpClient } from '@imago/http'
import { createMemorySource } from '@imago/testkit'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { api } from '../../../src/commands/api/run.ts'
import type { ApiOptions } from '../../../src/commands/api/options.ts'
import { toIdentity } from '@imago/provider-kit'
import { EXIT } from '../../../src/exit-code.ts'
import { hetznerCloud, memoryLive, openstackCloud } from '../../live.ts'
import { temporaryFolder } from '../../temporary.ts'

interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Binary data: invalid UTF-8, and control characters. */
const BYTES = Buffer.from([0, 0xff, 0xfe, 0x80, 0x1b, 0x5b, 0x0a])

const seen: Seen[] = []
const transport = createTransport()
const folder = temporaryFolder()
let server: Server
let origin = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body })
      const { pathname } = new URL(request.url ?? '/', 'http://a')
      const status = Number(/\/status\/(\d+)/.exec(pathname)?.[1] ?? 200)
      const headers = {
        'content-type': 'application/json',
        'x-request-id': 'r-1',
        'x-subject-token': 'hunter2',
        ...(status === 302 ? { location: 'https://evil.example/' } : {}),
      }
      if (pathname.endsWith('/file'))
        return void response.writeHead(status, { 'content-type': 'application/octet-stream' }).end(BYTES)
      if (pathname.endsWith('/broken'))
        return void response
          .writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': '9' })
          .write('half', () => response.destroy())
      response
        .writeHead(status, headers)
        .end(pathname.endsWith('/odd') ? '{"direct_url":"https://u:hunter2@s/a","name":"\u001b[31m"}' : '{"a": 1}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  transport.close()
  server.close()
})

const client = (service: string | null): HttpClient =>
  createHttpClient({
    transport: transport.client,
    base: `${origin}/${service ?? 'image'}`,
    credential: fixedCredential([origin], { authorization: 'Bearer hunter2' }),
    retry: { decide: () => 'never', retries: 0, baseMs: 0, capMs: 0 },
    userAgent: 'imago/test',
    timing: systemTiming,
  })

const run = async (words: readonly string[], options: Partial<ApiOptions> = {}, cloud = 'prod', isTerminal = false) => {
  seen.length = 0
  const live = memoryLive({
    clouds: [hetznerCloud('prod'), openstackCloud('lab', ['one', 'two'])],
    open: (target) => createMemorySource({ cloud: toIdentity(target) }),
    client,
    isTerminal,
  })
  const code = await api(cloud, words, options, live)
  return { code, text: live.output.text(), messages: live.messages.lines(), sent: seen[0] }
}

describe('imago api', () => {
  it('sends GET by default, with the credential, which is not printed', async () => {
    const {
      code,
      text: printed,
      sent,
      messages,
    } = await run(['/images'], { rawField: ['type=snapshot', 'type=backup', 'name=a b'] })
    expect({ code, printed, messages }).toEqual({ code: EXIT.done, printed: '{"a": 1}\n', messages: [] })
    expect(sent).toMatchObject({
      method: 'GET',
      url: '/image/images?type=snapshot&type=backup&name=a+b',
      headers: { authorization: 'Bearer hunter2' },
    })
  })

  it('sends fields as a JSON body if the method has one', async () => {
    expect((await run(['post', 'images'], { rawField: ['name=a=b'] })).sent).toMatchObject({
      method: 'POST',
      url: '/image/images',
      body: '{"name":"a=b"}',
      headers: { 'content-type': 'application/json' },
    })
    expect((await run(['DELETE', '/images/1'], { rawField: ['purge=yes'] })).sent).toMatchObject({
      method: 'DELETE',
      url: '/image/images/1?purge=yes',
      body: '',
    })
  })

  it('converts true, false, null, integers and files of -F, and sets entries of objects and lists', async () => {
    const file = folder.file('value', 'two\nlines\n')
    const field = [
      'min_disk=10',
      'protected=true',
      'a=null',
      'b=-3',
      'c=01',
      'd=1.5',
      'e=',
      'f=9007199254740993',
      'labels[example.com/on]=false',
      'ids[]=1',
      'ids[]=x',
      `text=@${file}`,
      '__proto__=1',
    ]
    const { sent } = await run(['POST', '/images'], {
      rawField: ['g=5', 'labels[keep]=yes', 'deep[a][b]=c', 'deep[a][d]=e', 'g=6'],
      field,
    })
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      g: '6',
      labels: { keep: 'yes', 'example.com/on': false },
      deep: { a: { b: 'c', d: 'e' } },
      min_disk: 10,
      protected: true,
      a: null,
      b: -3,
      c: '01',
      d: '1.5',
      e: '',
      f: '9007199254740993',
      ids: [1, 'x'],
      text: 'two\nlines\n',
      ['__proto__']: 1,
    })
    expect((await run(['/images'], { rawField: ['a[]=1'], field: ['b=true'] })).sent?.url).toBe(
      '/image/images?a%5B%5D=1&b=true',
    )
    await expect(run(['POST', '/a'], { field: [`a=@${folder.path('nothing')}`] })).rejects.toMatchObject({
      exitCode: EXIT.error,
    })
  })

  it.each([
    [['a=1', 'a[]=2'], 'a[]: a is a list here, and an object or a value in another field'],
    [['a[]=1', 'a[b]=2'], 'a[b]: a is an object here, and a list or a value in another field'],
  ])('refuses fields that use a key in different forms: %j', async (rawField, problem) => {
    await expect(run(['POST', '/a'], { rawField })).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: `${problem}. Use one form for all fields of a`,
    })
  })

  it('writes bytes unchanged, but not to a terminal', async () => {
    expect(await run(['/images/1/file'])).toMatchObject({ code: EXIT.done, text: BYTES.toString('latin1') })
    expect((await run(['/status/404/file'])).code).toBe(EXIT.notFound)
    await expect(run(['/images/1/file'], {}, 'prod', true)).rejects.toMatchObject({
      exitCode: EXIT.error,
      message: 'the response is not text but application/octet-stream. Redirect the output to a file or a pipe',
    })
    await expect(run(['/broken'])).rejects.toMatchObject({ exitCode: EXIT.temporary })
  })

  it('streams a large body, with its length', async () => {
    const input = folder.file('large', 'x'.repeat(3_000_000))
    const { sent } = await run(['PUT', '/v2/images/1/file'], {
      input,
      header: ['content-type: application/octet-stream'],
    })
    expect(sent?.body).toHaveLength(3_000_000)
    expect(sent?.headers['content-length']).toBe('3000000')
    expect(sent?.headers['content-type']).toBe('application/octet-stream')
    expect((await run(['PUT', '/v2/images/1/file'], { input, dryRun: true })).text).toBe(
      'PUT /v2/images/1/file\ncontent-type: application/json\n\n(3000000 bytes)\n',
    )
  })

  it('sends a body from a file, and headers', async () => {
    const input = folder.file('body', '[{"op":"add"}]')
    expect(
      (
        await run(['PATCH', '/v2/images/1'], {
          input,
          header: ['Content-Type: application/openstack-images-v2.1-json-patch', 'X-A:b'],
        })
      ).sent,
    ).toMatchObject({
      body: '[{"op":"add"}]',
      headers: { 'content-type': 'application/openstack-images-v2.1-json-patch', 'x-a': 'b' },
    })
    await expect(run(['PATCH', '/a'], { input: folder.path('nothing') })).rejects.toMatchObject({
      exitCode: EXIT.error,
    })
  })

  it('selects a service of OpenStack, and a region', async () => {
    expect((await run(['/projects'], { service: 'identity' }, 'lab@two')).sent?.url).toBe('/identity/projects')
    expect((await run(['/v2/images'], {}, 'lab@one')).sent?.url).toBe('/image/v2/images')
    await expect(run(['/a'], {}, 'lab')).rejects.toMatchObject({ exitCode: EXIT.notFound })
    await expect(run(['/a'], { service: 'compute' })).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: '--service: Hetzner Cloud has only one API',
    })
    await expect(run(['/a'], { service: 'volume' }, 'lab@two')).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: '--service: unknown value "volume" (one of: image, compute, identity)',
    })
  })

  it.each([
    [404, EXIT.notFound],
    [403, EXIT.error],
    [429, EXIT.temporary],
    [503, EXIT.temporary],
  ])('prints the response of HTTP %i, and ends with %i', async (status, code) => {
    expect(await run([`/status/${status}`])).toMatchObject({
      code,
      text: '{"a": 1}\n',
      messages: [`imago: hetzner/prod: api: HTTP ${status} (GET /image/status/${status}, request r-1)`],
    })
  })

  it('prints the status and headers on request, without their secrets', async () => {
    const { text: printed } = await run(['/images'], { include: true })
    expect(printed).toMatch(/^HTTP 200\n(?:.*\n)*x-subject-token: \*\*\*\n(?:.*\n)*\n\{"a": 1\}\n$/)
    expect(printed).not.toContain('hunter2')
  })

  it('masks secrets in URLs, and escapes control characters on a terminal', async () => {
    expect((await run(['/odd'])).text).not.toContain('hunter2')
    expect((await run(['/odd'], { showSecrets: true })).text).toContain('hunter2')
    const { text: shown } = await run(['/odd'], {}, 'prod', true)
    expect(shown).not.toContain('\u001b')
    expect(shown.split('\n').length).toBeGreaterThan(1)
  })

  it('refuses other hosts, and does not follow redirects', async () => {
    await expect(run(['https://evil.example/images'])).rejects.toMatchObject({
      exitCode: EXIT.error,
      message: expect.stringMatching(/https:\/\/evil\.example was refused.*\. Use only the path, such as \/images$/),
    })
    await expect(run(['//evil.example/images'])).rejects.toMatchObject({ exitCode: EXIT.error })
    await expect(run(['/status/302'])).rejects.toMatchObject({
      exitCode: EXIT.error,
      message: expect.stringContaining('redirects to https://evil.example'),
    })
    expect(seen.map(({ url }) => url)).toEqual(['/image/status/302'])
  })

  it('prints the request in a dry run, and sends nothing', async () => {
    const {
      code,
      text: printed,
      sent,
    } = await run(['PUT', '/images/1'], { rawField: ['description=x'], header: ['X-A: b'], dryRun: true })
    expect({ code, printed, sent }).toEqual({
      code: EXIT.done,
      printed: 'PUT /images/1\nx-a: b\n\n{"description":"x"}\n',
      sent: undefined,
    })
  })

  it.each<[readonly string[], Partial<ApiOptions>]>([
    [['/a', '/b', '/c'], {}],
    [['GETT', '/a'], {}],
    [['/a'], { rawField: ['novalue'] }],
    [['/a'], { field: ['=x'] }],
    [['POST', '/a'], { rawField: ['a[=b'] }],
    [['POST', '/a'], { rawField: ['[]=b'] }],
    [['POST', '/a'], { rawField: ['a=b', 'a[c]=d'] }],
    [['POST', '/a'], { rawField: ['a=b', 'a[]=d'] }],
    [['POST', '/a'], { rawField: ['a[]=b', 'a[c]=d'] }],
    [['/a'], { field: [' =x'] }],
    [['/a'], { header: ['novalue'] }],
    [['/a'], { header: [' :x'] }],
    [['/a'], { header: ['Authorization: Bearer x'] }],
    [['/a'], { header: ['X-Auth-Token: x'] }],
    [['/a'], { input: '-' }],
    [['POST', '/a'], { input: '-', rawField: ['a=b'] }],
    [['POST', '/a'], { input: '-', field: ['a=b'] }],
  ])('refuses %j %j as a usage error', async (words, options) => {
    await expect(run(words, options)).rejects.toMatchObject({ exitCode: EXIT.usage })
    expect(seen).toEqual([])
  })
})
