import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import fc from 'fast-check'
import type { HttpFailure } from '../src/failure.ts'
import { toHeaders } from '../src/headers.ts'
import type { HttpRequest, RequestBody } from '../src/port.ts'
import { cautiousRetry, retry, decideOnFailure, type RetryPolicy, type RetryDecision } from '../src/retry.ts'
import type { Pause } from '../src/request-pause.ts'
import { answer, fails, GET, scripted, getStatus } from './scripted.ts'
import { jumpingTime, manualTime, turn } from './time.ts'

const policy: RetryPolicy = { decide: () => 'always', retries: 5, baseMs: 1000, capMs: 60_000 }
const reset = fails({ _tag: 'Network', code: 'ECONNRESET' })

const stream = (isReopenable: boolean): RequestBody => ({
  kind: 'stream',
  size: null,
  isReopenable,
  open: () => TE.left({} as never),
})

const countTries = async (request: HttpRequest, decision: RetryDecision): Promise<number> => {
  const { client, requests } = scripted(answer(503))
  await retry({ ...policy, retries: 2, decide: () => decision }, jumpingTime().timing)(client)(request)()
  return requests.length
}

describe('retry', () => {
  it('retries until a response, with a wait that doubles up to the cap', async () => {
    const { timing, sleeps } = jumpingTime()
    const { client, requests } = scripted(answer(503), answer(503), reset, answer(503), answer(200))
    expect(getStatus(await retry({ ...cautiousRetry, baseMs: 1000, capMs: 3000 }, timing)(client)(GET)())).toBe(200)
    expect(sleeps).toEqual([500, 1000, 1500, 1500])
    expect(requests).toHaveLength(5)
  })

  it('returns the result of the last attempt', async () => {
    const { timing, sleeps } = jumpingTime()
    const { client, requests } = scripted(answer(502), answer(503, {}, 'last'))
    expect(await retry({ ...policy, retries: 3, floorMs: 1000 }, timing)(client)(GET)()).toMatchObject({
      right: { status: 503, text: 'last' },
    })
    expect(sleeps).toEqual([1000, 1500, 2500])
    expect(requests).toHaveLength(4)
  })

  it('sets isRepeat if an earlier attempt may have been carried out', async () => {
    const untilOther: RetryPolicy = {
      ...policy,
      decide: (outcome) => (E.isRight(outcome) && outcome.right.status === 404 ? 'never' : 'always'),
    }
    const isRepeat = async ({ client }: ReturnType<typeof scripted>): Promise<unknown> => {
      const outcome = await retry(untilOther, jumpingTime().timing)(client)({ method: 'DELETE', url: '/x' })()
      return E.isRight(outcome) ? outcome.right.isRepeat : null
    }
    expect(await isRepeat(scripted(answer(404)))).toBeUndefined()
    expect(await isRepeat(scripted(answer(429), answer(404)))).toBeUndefined()
    expect(await isRepeat(scripted(reset, answer(404)))).toBe(true)
    expect(await isRepeat(scripted(answer(502), answer(429), answer(404)))).toBe(true)
  })

  it('reports a wait of 10 s or more when it starts', async () => {
    const pauses: Pause[] = []
    const { timing } = jumpingTime()
    const { client } = scripted(
      answer(429, { 'retry-after': '30' }),
      answer(503, { 'retry-after': '12' }),
      answer(503, { 'retry-after': '9' }),
      reset,
      answer(200),
    )
    await retry({ ...cautiousRetry, baseMs: 2500 }, timing, (pause) => void pauses.push(pause))(client)(GET)()
    const { method, url } = GET
    expect(pauses).toEqual([
      { method, url, waitMs: 30_000, reason: 'rate limit reached (429)', next: { attempt: 2, of: 6 } },
      { method, url, waitMs: 12_000, reason: 'the server asked to wait (503)', next: { attempt: 3, of: 6 } },
      { method, url, waitMs: 10_000, reason: 'the connection was closed (ECONNRESET)', next: { attempt: 5, of: 6 } },
    ])
  })

  it('limits the retries by the last result', async () => {
    const retries: RetryPolicy['retries'] = (outcome) => (E.isLeft(outcome) ? 1 : 3)
    const { client, requests } = scripted(answer(503), answer(503), reset, answer(200))
    expect(await retry({ ...policy, retries }, jumpingTime().timing)(client)(GET)()).toMatchObject({
      left: { code: 'ECONNRESET' },
    })
    expect(requests.length).toBe(3)
    const another = scripted(reset, answer(503), answer(503), answer(200))
    expect(getStatus(await retry({ ...policy, retries }, jumpingTime().timing)(another.client)(GET)())).toBe(200)
  })

  it('waits a random time between the floor and the doubled base', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        fc.integer({ min: 0, max: 2000 }),
        async (random, floorMs) => {
          const { timing, sleeps } = jumpingTime()
          await retry(
            { ...policy, floorMs, capMs: 4000 },
            { ...timing, random: () => random },
          )(scripted(answer(503)).client)(GET)()
          expect(sleeps.length).toBe(5)
          for (const [tried, ms] of sleeps.entries()) {
            const most = Math.min(4000, 1000 * 2 ** tried)
            expect(ms).toBeGreaterThanOrEqual(Math.min(floorMs, most))
            expect(ms).toBeLessThanOrEqual(most)
          }
        },
      ),
    )
  })

  it.each([200, 201, 300, 400, 401, 404, 409, 423, 500, 501])('returns status %i without a retry', async (status) => {
    const { client, requests } = scripted(answer(status))
    await retry(cautiousRetry, jumpingTime().timing)(client)(GET)()
    expect(requests.length).toBe(1)
  })

  it('retries temporary failures only', () => {
    const failures: readonly HttpFailure[] = [
      { _tag: 'Network', code: 'ECONNREFUSED' },
      { _tag: 'Timeout', timeoutMs: 1 },
      { _tag: 'Network', code: 'ENOTFOUND' },
      { _tag: 'Untrusted', code: 'CERT_HAS_EXPIRED' },
      { _tag: 'Aborted' },
      { _tag: 'RefusedHost', origin: 'x' },
      { _tag: 'RefusedRedirect', status: 302, to: null },
      { _tag: 'BadBody', what: 'x' },
      { _tag: 'WrongSize', expected: 1, actual: 2 },
      { _tag: 'RateLimited', retryAfterMs: 1 },
    ]
    expect(failures.map(decideOnFailure)).toEqual(['if-idempotent', 'if-idempotent', ...Array<string>(8).fill('never')])
  })

  it('retries a request that may have been carried out only if it is idempotent', async () => {
    expect(await countTries({ ...GET, method: 'DELETE' }, 'if-idempotent')).toBe(3)
    for (const method of ['POST', 'PATCH'] as const) {
      expect(await countTries({ ...GET, method }, 'if-idempotent')).toBe(1)
      expect(await countTries({ ...GET, method }, 'always')).toBe(3)
      expect(await countTries({ ...GET, method, idempotent: true }, 'if-idempotent')).toBe(3)
    }
    expect(await countTries({ ...GET, method: 'PUT', idempotent: false }, 'if-idempotent')).toBe(1)
    expect(await countTries(GET, 'never')).toBe(1)
  })

  it('retries a stream only if it can be opened again and is idempotent', async () => {
    expect(await countTries({ ...GET, method: 'PUT', body: stream(true) }, 'always')).toBe(3)
    expect(await countTries({ ...GET, method: 'PUT', body: stream(false) }, 'always')).toBe(1)
    expect(await countTries({ ...GET, method: 'POST', body: stream(true) }, 'always')).toBe(1)
    expect(await countTries({ ...GET, method: 'POST', body: { kind: 'json', value: 1 } }, 'always')).toBe(3)
  })

  it('retries a stream after a 429 only if it can be opened again', async () => {
    for (const [isReopenable, expected] of [
      [true, 200],
      [false, 429],
    ] as const) {
      const { client, requests } = scripted(answer(429, { 'retry-after': '2' }), answer(200))
      expect(
        await retry(cautiousRetry, jumpingTime().timing)(client)({
          ...GET,
          method: 'PUT',
          idempotent: false,
          body: stream(isReopenable),
        })(),
      ).toMatchObject({ right: { status: expected } })
      expect(requests).toHaveLength(isReopenable ? 2 : 1)
    }
  })

  it.each([
    ['GET', 2],
    ['POST', 1],
  ] as const)('sends a %s %i times in all after a 408', async (method, count) => {
    const { client, requests } = scripted(answer(408), answer(200))
    await retry(cautiousRetry, jumpingTime().timing)(client)({ ...GET, method })()
    expect(requests).toHaveLength(count)
  })

  it('does not retry a streamed response', async () => {
    const { client, requests } = scripted(
      E.right({
        kind: 'stream',
        status: 200,
        headers: toHeaders([]),
        url: '',
        bytes: (async function* () {})(),
        close: () => undefined,
      }),
    )
    await retry(policy, jumpingTime().timing)(client)(GET)()
    expect(requests.length).toBe(1)
  })

  it('waits as long as Retry-After asks, unless that is too long', async () => {
    const now = 1_800_000_000_000
    const date = new Date(now + 9000).toUTCString()
    for (const [headers, slept] of [
      [{ 'retry-after': '20' }, [20_000]],
      [{ 'retry-after': date }, [9000]],
      [{ 'retry-after': date, date: new Date(now + 5000).toUTCString() }, [4000]],
      [{ 'retry-after': '61' }, []],
      [{ 'retry-after': 'soon' }, [500]],
      [{ 'retry-after': '' }, [500]],
      [{ 'retry-after': '-5' }, [500]],
      [{ 'retry-after': new Date(now - 9000).toUTCString() }, [500]],
    ] as const) {
      const { timing, sleeps } = jumpingTime(now)
      await retry({ ...policy, retries: 1 }, timing)(scripted(answer(503, headers)).client)(GET)()
      expect(sleeps).toEqual(slept)
    }
  })

  it('stops waiting when the signal is aborted', async () => {
    const { timing } = manualTime()
    const controller = new AbortController()
    const { client, requests } = scripted(answer(503))
    const result = retry(policy, timing)(client)({ ...GET, signal: controller.signal })()
    await turn()
    controller.abort()
    expect(await result).toEqual(E.left({ _tag: 'Aborted' }))
    expect(requests).toHaveLength(1)
  })
})
