import { describe, expect, it } from '@jest/globals'
import type { Image, Operation } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { wait } from '../../../src/commands/wait/run.ts'
import { image, type Stage, stage, JSON_OUTPUT, TABLE, printed, createOperation } from '../../writing/stage.ts'

describe('wait', () => {
  const TIMES = { timeout: '4s', interval: '1s' }

  /** A source whose image changes by a script. Time passes only by sleeping. */
  const scripted = (statuses: readonly Image['status'][], work: Operation | null = null): Stage => {
    const left = [...statuses]
    let now = 0
    const made = stage(
      {},
      {
        get: (id) => async () =>
          E.right(image(id, { status: (left.length > 1 ? left.shift() : left[0]) as Image['status'] })),
        operations: () => TE.right(work === null ? [] : [work]),
      },
    )
    return {
      ...made,
      live: {
        ...made.live,
        timing: { clock: () => now, sleep: (ms) => Promise.resolve(void (now += ms)), random: () => 0 },
      },
    }
  }

  it('ends when the image is no longer pending', async () => {
    const { live } = scripted(['pending', 'pending', 'pending', 'available'], createOperation({}))
    expect(await wait(['prod:id:1'], { ...JSON_OUTPUT, ...TIMES }, live)).toBe(0)
    expect(printed(live)[0]).toMatchObject({ status: 'available' })
    expect(live.messages.text()).toBe('hetzner/prod:id:1: create_image running 50 %\n')
  })

  it('waits for the copy of an available image to another store, and reports why it failed', async () => {
    const works = [
      createOperation({ id: 'c', kind: 'copy' }),
      createOperation({
        id: 'c',
        kind: 'copy',
        status: 'error',
        error: 'store slow got no data',
        hint: 'Look into the log',
      }),
    ]
    const made = stage(
      {},
      {
        get: (id) => TE.right(image(id, { status: 'available' })),
        operations: () => async () => E.right([(works.length > 1 ? works.shift() : works[0]) as Operation]),
      },
    )
    const live = { ...made.live, timing: { clock: () => 0, sleep: () => Promise.resolve(), random: () => 0 } }
    expect(await wait(['prod:id:1'], { ...JSON_OUTPUT, ...TIMES }, live)).toBe(1)
    expect(live.messages.text()).toContain('store slow got no data. Look into the log')
    expect(works).toHaveLength(1)
  })

  it('ends when the operation fails, even if the image remains pending', async () => {
    const { live } = scripted(['pending'], createOperation({ status: 'error', error: 'the URL answered 404' }))
    expect(await wait(['prod:id:1'], { ...TABLE, ...TIMES }, live)).toBe(1)
    expect(live.messages.text()).toContain('wait: the URL answered 404')
  })

  it('ends with a temporary error at the deadline', async () => {
    const { live } = scripted(['pending'])
    expect(await wait(['prod:id:1'], { ...TABLE, ...TIMES }, live)).toBe(5)
    expect(live.messages.text()).toContain('still pending after 4 s')
  })
})
