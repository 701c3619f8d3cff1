import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { getValue } from '../../cloud.ts'
import { getError } from '../../get-error.ts'
import { ACTIVE, DATA, dataServer, hexDigest } from '../../local-data.ts'
import { bytesAt, read, stalling, chunked } from './reading.ts'

describe('complete data', () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['by SHA-512', {}],
    ['by SHA3 with Python’s name', { os_hash_algo: 'sha3_256', os_hash_value: hexDigest('sha3-256') }],
    ['by MD5 if the other hash is not supported', { os_hash_algo: 'streebog', os_hash_value: '00' }],
    ['by MD5 for Glance before Rocky', { os_hash_algo: null, os_hash_value: null }],
  ])('are verified %s', async (_, more) => {
    const good = await bytesAt(await dataServer(() => ({ ...ACTIVE, ...more }), chunked()))
    expect(good.size).toBe(DATA.length)
    expect(await read(good)).toEqual({ bytes: DATA, error: null })

    const wrong = Buffer.from(DATA)
    wrong[0] = 1
    const { bytes, error } = await read(await bytesAt(await dataServer(() => ({ ...ACTIVE, ...more }), chunked(wrong))))
    expect(error).toMatchObject({
      _tag: 'IntegrityFailed',
      provider: 'openstack',
      cloud: 'prod',
      operation: 'download',
      expected: expect.stringMatching(/^(?:sha512|sha3_256|md5):/),
      actual: expect.stringMatching(/^(?:sha512|sha3_256|md5):/),
    })
    // The last chunk is withheld.
    expect(bytes.length).toBeLessThan(DATA.length)
  })

  it('are verified only by size if the caller verifies the digest', async () => {
    const wrong = Buffer.from(DATA)
    wrong[0] = 1
    expect(
      await read(await bytesAt(await dataServer(() => ACTIVE, chunked(wrong)), { verifiedByCaller: true })),
    ).toEqual({ bytes: wrong, error: null })
    expect(
      (await read(await bytesAt(await dataServer(() => ACTIVE, chunked(DATA.subarray(1))), { verifiedByCaller: true })))
        .error,
    ).toMatchObject({ _tag: 'IntegrityFailed', expected: '100000 bytes' })
  })

  it('are verified only by size without a digest', async () => {
    const none = { ...ACTIVE, checksum: null, os_hash_algo: null, os_hash_value: null }
    expect((await read(await bytesAt(await dataServer(() => none, chunked())))).error).toBeNull()
    expect((await read(await bytesAt(await dataServer(() => none, chunked(DATA.subarray(1)))))).error).toMatchObject({
      _tag: 'IntegrityFailed',
      expected: '100000 bytes',
      actual: '99999 bytes',
    })
  })

  it.each([0, 1, 50_000, 99_999])('are incomplete if they end after %i bytes', async (length) => {
    const { bytes, error } = await read(
      await bytesAt(await dataServer(() => ACTIVE, chunked(DATA.subarray(0, length)))),
    )
    expect(error).toMatchObject({
      _tag: 'IntegrityFailed',
      what: 'the data ended too early',
      expected: '100000 bytes',
      actual: `${length} bytes`,
    })
    expect(bytes.length <= length && bytes.equals(DATA.subarray(0, bytes.length))).toBe(true)
  })

  it('are rejected if longer than the image', async () => {
    const { bytes, error } = await read(
      await bytesAt(await dataServer(() => ACTIVE, chunked(Buffer.concat([DATA, DATA])))),
    )
    expect(error).toMatchObject({ _tag: 'IntegrityFailed', what: 'the data are longer than expected' })
    expect(bytes.length).toBeLessThan(DATA.length)
  })

  it('are incomplete if the connection breaks at any position', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: DATA.length - 1 }), fc.boolean(), async (at, isSized) => {
        const server = await dataServer(
          () => ACTIVE,
          (_, response) => {
            response.writeHead(200, isSized ? { 'content-length': String(DATA.length) } : {})
            response.write(DATA.subarray(0, at), () => setImmediate(() => response.socket?.resetAndDestroy()))
          },
        )
        const { bytes, error } = await read(await bytesAt(server))
        expect(error).toMatchObject({ _tag: 'Unavailable', operation: 'download' })
        expect(bytes.length <= at && bytes.equals(DATA.subarray(0, bytes.length))).toBe(true)
      }),
      { numRuns: 15 },
    )
  })

  it('are rejected before the first byte if a header differs', async () => {
    for (const [headers, words] of [
      [{ 'content-length': '99999' }, { expected: '100000 bytes', actual: '99999 bytes' }],
      [{ 'content-md5': hexDigest('md5', Buffer.from('other')) }, { expected: `md5:${hexDigest('md5')}` }],
    ] as const) {
      const server = await dataServer(
        () => ACTIVE,
        (_, response) => response.writeHead(200, headers).end(DATA.subarray(0, 99_999)),
      )
      expect(await getError((await bytesAt(server)).open())).toMatchObject({ _tag: 'IntegrityFailed', ...words })
    }
  })

  it('are rejected if they differ in a second download', async () => {
    let count = 0
    const source = await bytesAt(
      await dataServer(
        () => ACTIVE,
        (request, response) => chunked(DATA, { etag: `"${++count}"` })(request, response),
      ),
    )
    expect((await read(source)).error).toBeNull()
    expect(await getError(source.open())).toMatchObject({ _tag: 'IntegrityFailed', expected: '"1"', actual: '"2"' })
  })

  it('release the connection if not read to the end', async () => {
    const server = await dataServer(() => ACTIVE, stalling)
    const source = await bytesAt(server)
    for await (const _ of await getValue(source.open())) break
    for await (const _ of await getValue(source.open({ start: 10, end: 20 }))) break
    await (await getValue(source.open()))[Symbol.asyncIterator]().return?.()
    // The connection of the record request stays open.
    for (let tries = 0; tries < 100 && (await server.connections()) > 1; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await server.connections()).toBeLessThanOrEqual(1)
  })

  it('stop on an abort signal', async () => {
    const server = await dataServer(() => ACTIVE, stalling)
    const controller = new AbortController()
    const reading = (async () => {
      for await (const _ of await getValue((await bytesAt(server)).open(undefined, controller.signal)))
        controller.abort()
    })()
    await expect(reading).rejects.toMatchObject({ error: { _tag: 'Aborted', operation: 'download' } })
  })
})
