import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import type { AbortSignalLike } from '../../src/source/abort.ts'
import {
  rateLimited,
  createErrorSite,
  unauthorized,
  unavailable,
  type ImageError,
} from '../../src/error/image-error.ts'
import { waitFor, type Operation, type WaitOptions } from '../../src/source/operation.ts'

const site = createErrorSite({ provider: 'paper', cloud: 'test' }, 'createFromServer')

const running = (progress: number | null): E.Either<ImageError, Operation> =>
  E.right({ id: '7', kind: null, status: 'running', progress, error: null, startedAt: null, finishedAt: null })
const done: E.Either<ImageError, Operation> = E.right({
  id: '7',
  kind: null,
  status: 'success',
  progress: 1,
  error: null,
  startedAt: null,
  finishedAt: null,
})
const failed = (error: string | null): E.Either<ImageError, Operation> =>
  E.right({ id: '7', kind: null, status: 'error', progress: 0.5, error, startedAt: null, finishedAt: null })

/** A clock that only sleeping advances, and polls that return the results of a script, then its last one. */
const scene = (...script: readonly E.Either<ImageError, Operation>[]) => {
  let now = 1_000_000
  const sleeps: number[] = []
  let polls = 0
  const options: WaitOptions = {
    intervalMs: 1000,
    deadlineMs: 10_000,
    clock: () => now,
    sleep: async (ms) => {
      sleeps.push(ms)
      now += ms
    },
  }
  const poll = async (): Promise<E.Either<ImageError, Operation>> =>
    script[Math.min(polls++, script.length - 1)] as E.Either<ImageError, Operation>
  return { options, poll, sleeps, polls: () => polls }
}

describe('waitFor', () => {
  it('polls at once, then after each interval until success', async () => {
    const { options, poll, sleeps, polls } = scene(running(null), running(0.5), done)
    const seen: (number | null)[] = []
    expect(await waitFor(site, poll, { ...options, onProgress: ({ progress }) => seen.push(progress) })()).toEqual(done)
    expect({ sleeps, polls: polls(), seen }).toEqual({ sleeps: [1000, 1000], polls: 3, seen: [null, 0.5, 1] })
  })

  it('does not sleep if the operation has already ended', async () => {
    const { options, poll, sleeps } = scene(done)
    expect(await waitFor(site, poll, options)()).toEqual(done)
    expect(sleeps).toEqual([])
  })

  it('returns Rejected with the provider’s error if the operation fails', async () => {
    const { options, poll } = scene(running(0.1), failed('disk is full'))
    expect(await waitFor(site, poll, options)()).toMatchObject({
      left: { _tag: 'Rejected', what: 'disk is full', operation: 'createFromServer' },
    })
    expect(await waitFor(site, scene(failed(null)).poll, options)()).toMatchObject({
      left: { _tag: 'Rejected', what: 'operation 7 failed' },
    })
  })

  it('returns Unavailable at the deadline, after a last poll', async () => {
    const { options, poll, sleeps, polls } = scene(running(0.5))
    expect(await waitFor(site, poll, { ...options, deadlineMs: 2500 })()).toMatchObject({
      left: { _tag: 'Unavailable', what: 'operation 7 is still running after 2.5 s' },
    })
    expect({ sleeps, polls: polls() }).toEqual({ sleeps: [1000, 1000, 500], polls: 4 })
  })

  it('repeats polls with temporary errors, after retryAfterMs', async () => {
    const { options, poll, sleeps } = scene(
      E.left(unavailable(site, { what: 'down' })),
      E.left(rateLimited(site, { what: 'slow', retryAfterMs: 4000 })),
      E.left(rateLimited(site, { what: 'slow', retryAfterMs: 1 })),
      done,
    )
    expect(await waitFor(site, poll, options)()).toEqual(done)
    expect(sleeps).toEqual([1000, 4000, 1000])
  })

  it('returns the error of the last poll at the deadline', async () => {
    const { options, poll } = scene(running(null), E.left(unavailable(site, { what: 'down' })))
    expect(await waitFor(site, poll, options)()).toMatchObject({ left: { what: 'down' } })
  })

  it('returns any other error at once', async () => {
    const { options, poll, polls } = scene(running(null), E.left(unauthorized(site, { what: 'expired' })), done)
    expect(await waitFor(site, poll, options)()).toMatchObject({ left: { _tag: 'Unauthorized' } })
    expect(polls()).toBe(2)
  })

  describe('with an aborted signal', () => {
    it('returns Aborted without a poll if aborted before the start', async () => {
      const { options, poll, polls } = scene(done)
      expect(await waitFor(site, poll, { ...options, signal: AbortSignal.abort() })()).toMatchObject({
        left: { _tag: 'Aborted' },
      })
      expect(polls()).toBe(0)
    })

    it('returns Aborted during a poll or sleep that never ends', async () => {
      const never = (): Promise<never> => new Promise(() => undefined)
      const { options, poll } = scene(running(null))
      for (const [polling, sleep] of [
        [never, options.sleep],
        [poll, never],
      ] as const) {
        const controller = new AbortController()
        const waiting = waitFor(site, polling, { ...options, sleep, signal: controller.signal })()
        await new Promise((resolve) => setImmediate(resolve))
        controller.abort()
        expect(await waiting).toMatchObject({ left: { _tag: 'Aborted' } })
      }
    })

    it('passes the signal to sleep', async () => {
      const { options, poll } = scene(running(null), done)
      const controller = new AbortController()
      let given: AbortSignalLike | undefined
      await waitFor(site, poll, {
        ...options,
        signal: controller.signal,
        sleep: async (_, signal) => void (given = signal),
      })()
      expect(given).toBe(controller.signal)
    })
  })
})
