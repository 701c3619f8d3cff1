import { createByteSource, isRetryable, formatError, perform } from '@imago/core/provider'
import { describe, expect, it } from '@jest/globals'
import { systemTiming, type Timing } from '@imago/http'
import { createOpenstackApi, createOpenstackSource, type OpenstackOptions } from '../src/index.ts'
import { getError } from './get-error.ts'
import { getValue } from './cloud.ts'
import { ACTIVE, DATA, ID, QUEUED } from './local-data.ts'
import { localGlance, type Scripted, type Seen } from './local-glance.ts'

const PAGE =
  '<!DOCTYPE html><html><head><title>Corporate Sign-On</title></head><body><form action="/login">password</form></body></html>'
const page = (status: number): Scripted => ({ status, headers: { 'content-type': 'text/html' }, body: PAGE })

/** A clock that only `sleep` advances; request timeouts never expire. */
const hurried = (): Timing => {
  let now = 1_800_000_000_000
  return {
    ...systemTiming,
    clock: () => now,
    sleep: (ms, signal) => {
      if (ms === 60_000 || ms > 300_000)
        return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()))
      now += ms
      return Promise.resolve()
    },
  }
}

const withTiming = (options: OpenstackOptions, timing: Timing, retries = 0): OpenstackOptions => ({
  ...options,
  region: {
    ...options.region,
    services: { ...options.region.services, image: { ...options.region.services?.image, statusCodeRetries: retries } },
  },
  connection: { ...options.connection, timing },
})

describe('web page instead of a Glance response', () => {
  it.each([400, 401, 403, 404, 511])('is reported as a gateway error with status %i', async (status) => {
    const { options } = await localGlance(() => page(status))
    const source = createOpenstackSource(options)
    for (const error of [await getError(source.get(ID)), await getError(source.listPage({}, null))]) {
      expect(error._tag).toBe('ConfigInvalid')
      expect(isRetryable(error)).toBe(false)
      expect(formatError(error)).toMatch(
        /a web page responded instead of Glance: “Corporate Sign-On” at http:\/\/127\.0\.0\.1:\d+\/v2\/images\S* \(GET [^)]+\)\. Check the address of Glance, and the gateway, proxy or sign-on page before it/,
      )
      expect(formatError(error)).not.toMatch(/credential|password|there is no image/)
    }
  })

  it.each([
    ['web page with 200', page(200)],
    ['web page with 201', page(201)],
    ['empty body with 204', { status: 204 }],
    ['empty body with 200', { status: 200 }],
  ])('leaves the result of a create open: %s', async (_, answer) => {
    const { options } = await localGlance(() => answer)
    const error = await getError(createOpenstackApi(options).images.create({ name: 'x' }))
    expect(error).toMatchObject({
      _tag: 'DecodeFailed',
      hint: 'The request may have been carried out: check before you retry',
    })
  })

  it('leaves the result of a create open if it violates HTTP', async () => {
    const { options } = await localGlance(() => ({
      status: 201,
      headers: { 'content-length': '3', 'transfer-encoding': 'chunked' },
      body: '{}',
    }))
    expect(await getError(createOpenstackApi(options).images.create({ name: 'x' }))).toMatchObject({
      _tag: 'DecodeFailed',
      hint: 'The request may have been carried out: check before you retry',
    })
  })

  it('does not confirm a deletion', async () => {
    const { options } = await localGlance(() => page(200))
    expect(await getError(createOpenstackApi(options).images.remove(ID))).toMatchObject({ _tag: 'DecodeFailed' })
  })
})

const isPut = ({ method }: Seen): boolean => method === 'PUT'

describe('gateway response to an upload', () => {
  it.each([
    [
      'web page',
      page(200),
      /^the response to PUT was 200 text\/html, not 204: a web page responded instead of Glance: “Corporate Sign-On” at \S+; [\d,]+ of [\d,]+ bytes had been sent; image \S+ is still queued$/,
    ],
    [
      'empty body',
      { status: 200 },
      /^the response to PUT was 200 without a content type, not 204: the response was not sent by Glance;.* image \S+ is still queued$/,
    ],
  ])('is reported after one attempt if the image is queued: %s', async (_, answer, what) => {
    const { options, seen } = await localGlance((request) => (isPut(request) ? answer : { body: QUEUED }))
    const error = await getError(
      perform(createOpenstackSource(withTiming(options, hurried())), 'upload', ID, createByteSource(DATA)),
    )
    expect(error).toMatchObject({ _tag: 'Conflict', upload: { response: 'accepted', image: 'empty' } })
    expect(error.what).toMatch(what)
    expect(seen.filter(isPut)).toHaveLength(1)
  })

  it('is accepted if the record is outdated for a while', async () => {
    let old = 20
    let isSent = false
    const { options, seen } = await localGlance((request) => {
      if (isPut(request)) {
        isSent = true
        return { status: 204 }
      }
      return { body: isSent && old-- <= 0 ? ACTIVE : QUEUED }
    })
    expect(
      (
        await getValue(
          perform(createOpenstackSource(withTiming(options, hurried())), 'upload', ID, createByteSource(DATA)),
        )
      ).status,
    ).toBe('available')
    expect(seen.filter(isPut)).toHaveLength(1)
  })

  it('with status 429 repeats only the data after a delay', async () => {
    let puts = 0
    const { options, seen } = await localGlance((request) => {
      if (!isPut(request)) return { body: puts >= 2 ? ACTIVE : QUEUED }
      puts++
      return puts < 2 ? { status: 429, headers: { 'retry-after': '1' }, body: 'slow' } : { status: 204 }
    })
    await getValue(
      perform(createOpenstackSource(withTiming(options, hurried(), 5)), 'upload', ID, createByteSource(DATA)),
    )
    expect(seen.map(({ method }) => method)).toEqual(['GET', 'PUT', 'PUT', 'GET'])
    expect(seen.filter(isPut).map(({ body }) => body.length)).toEqual([seen[1]?.body.length, seen[1]?.body.length])
  })
})

describe('cache in front of Glance', () => {
  const CACHED = { body: QUEUED, headers: { age: '40' } }
  const upload = (options: OpenstackOptions) =>
    perform(createOpenstackSource(withTiming(options, hurried())), 'upload', ID, createByteSource(DATA))
  const later = (record: object, seconds: number) => ({ ...record, updated_at: `2026-01-01T00:00:0${seconds}Z` })

  it('receives a request for a fresh record', async () => {
    const { options, seen } = await localGlance(() => ({ body: ACTIVE }))
    await getValue(createOpenstackSource(options).get(ID))
    expect(seen.map(({ headers }) => [headers['cache-control'], headers.pragma])).toEqual([['no-cache', 'no-cache']])
  })

  it('is bypassed if it answers a list page', async () => {
    const list = (...images: readonly unknown[]) => ({ images, schema: '/v2/schemas/images', first: '/v2/images' })
    const { options, seen } = await localGlance(({ headers }) =>
      headers['cache-control'] === 'no-cache'
        ? { body: list(ACTIVE), headers: { age: '0' } }
        : { body: list(QUEUED), headers: { age: '30' } },
    )
    const { items } = await getValue(createOpenstackSource(options).listPage({}, null))
    expect(items.map(({ status }) => status)).toEqual(['available'])
    expect(seen.length).toBe(2)
  })

  it('with outdated records delays the upload, without a second body', async () => {
    let old = 15
    let isSent = false
    const notes: string[] = []
    const { options, seen } = await localGlance((request) => {
      if (isPut(request)) {
        isSent = true
        return { status: 204 }
      }
      return isSent && old-- > 0 ? CACHED : { body: isSent ? ACTIVE : QUEUED }
    })
    const source = createOpenstackSource(withTiming(options, hurried()))
    expect(
      (
        await getValue(
          perform(source, 'upload', ID, createByteSource(DATA), { onStep: (what) => void notes.push(what) }),
        )
      ).status,
    ).toBe('available')
    expect(seen.filter(isPut)).toHaveLength(1)
    expect(notes).toEqual([
      `waiting up to 2 min for a current record of image ${ID}: a cache in front of Glance seems to return an outdated one`,
    ])
  })

  it('causes no delay if its record has the uploaded data', async () => {
    let isSent = false
    const { options, seen } = await localGlance((request) => {
      if (!isPut(request)) return { body: isSent ? ACTIVE : QUEUED, headers: { age: '40' } }
      isSent = true
      return { status: 204 }
    })
    expect((await getValue(upload(options))).status).toBe('available')
    expect(seen.length).toBe(3)
  })

  it.each<readonly [string, (isSent: boolean) => Scripted]>([
    ['with Age', () => CACHED],
    [
      'with an earlier 404 and Age',
      (isSent) =>
        isSent ? { status: 404, body: { message: 'No image found' }, headers: { age: '40' } } : { body: QUEUED },
    ],
    [
      'without Age, older than the previous record',
      (isSent) => ({ body: isSent ? later(QUEUED, 1) : later(QUEUED, 5) }),
    ],
  ])('that stays outdated is named in the error, and the image is kept: %s', async (_, record) => {
    let isSent = false
    const { options, seen } = await localGlance((request) => {
      if (!isPut(request)) return record(isSent)
      isSent = true
      return { status: 204 }
    })
    const error = await getError(upload(options))
    expect(error).toMatchObject({ _tag: 'Unavailable', upload: { response: 'accepted', sent: 'all', image: 'stale' } })
    expect(formatError(error)).toMatch(
      /^openstack\/prod: upload: the state of image \S+ is unknown, because a cache in front of Glance returns outdated responses: (?:the last one was 40 s old|the record was updated at 2026-01-01T00:00:01Z, but an earlier response had one updated at 2026-01-01T00:00:05Z)\. Check the caches in front of Glance/,
    )
    expect(seen.filter(isPut)).toHaveLength(1)
    expect(seen.filter(({ method }) => method !== 'PUT' && method !== 'GET')).toEqual([])
  })

  it('is not trusted if Glance rejects data for an image that waits for data in the record', async () => {
    const { options } = await localGlance((request) =>
      isPut(request)
        ? {
            status: 409,
            body: { message: 'Image status transition from active to saving is not allowed' },
            headers: { 'x-openstack-request-id': 'req-1' },
          }
        : { body: QUEUED },
    )
    const error = await getError(upload(options))
    expect(error).toMatchObject({ _tag: 'Conflict', upload: { response: 'failed', sent: 'nothing', image: 'stale' } })
    expect(error.what).toMatch(
      /^Image status transition from active to saving is not allowed.*; the record of image \S+ is still queued, which may be an outdated response of a cache in front of Glance$/,
    )
  })

  it('is not trusted if its record shows an upload in progress', async () => {
    const { options, seen } = await localGlance(() => ({
      body: { ...QUEUED, status: 'saving' },
      headers: { age: '12' },
    }))
    expect(await getError(upload(options))).toMatchObject({
      _tag: 'Unavailable',
      upload: { sent: 'nothing', image: 'stale' },
    })
    expect(seen.filter(isPut)).toEqual([])
  })
})
