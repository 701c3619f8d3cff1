import { describe, expect, it } from '@jest/globals'
import { createHetznerSource } from '../../src/index.ts'
import { getError, getValue, jumpingTime, optionsFor, type LocalApi } from '../local-api.ts'
import { createWritingSource, serveRoutes, SNAPSHOT } from './writing-api.ts'

describe('protect', () => {
  /** The image is protected after the action was fetched `polls` times. */
  const protecting = (polls: number, last: object): Promise<LocalApi> => {
    let left = polls
    const action = () => ({ id: 13, ...(left <= 0 ? last : { status: 'running', progress: 0 }) })
    return serveRoutes({
      'POST /images/7/actions/change_protection': () => ({ status: 201, json: { action: action() } }),
      'GET /actions/13': () => (left--, { json: { action: action() } }),
      'GET /images/7': () => ({ json: { image: { ...SNAPSHOT, protection: { delete: left <= 0 } } } }),
    })
  }

  it('waits for a running action', async () => {
    for (const polls of [0, 1, 3]) {
      const api = await protecting(polls, { status: 'success' })
      const { timing, sleeps } = jumpingTime()
      const source = createHetznerSource(optionsFor(api.url, { timing }))
      expect(
        (await getValue(source.protect?.('7', true) as NonNullable<ReturnType<NonNullable<typeof source.protect>>>))
          .protected,
      ).toBe(true)
      expect(api.requests()).toEqual([
        'POST /images/7/actions/change_protection',
        ...Array<string>(polls).fill('GET /actions/13'),
        'GET /images/7',
      ])
      expect(api.asked[0]?.body).toEqual({ delete: true })
      expect(sleeps).toEqual(Array<number>(polls).fill(500))
    }
  })

  it('returns the error of the failed action', async () => {
    const api = await protecting(1, { status: 'error', error: { code: 'action_failed', message: 'Action failed' } })
    expect(await getError(createWritingSource(api).protect('7', true))).toMatchObject({
      _tag: 'Rejected',
      operation: 'protect',
      what: 'Action failed (action_failed)',
    })
  })

  it('stops waiting after 30 seconds', async () => {
    const api = await protecting(Infinity, {})
    expect(await getError(createWritingSource(api).protect('7', true))).toMatchObject({
      _tag: 'Unavailable',
      operation: 'protect',
      what: 'operation 13 is still running after 30 s',
    })
  })
})
