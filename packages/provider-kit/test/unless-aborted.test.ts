import { describe, expect, it } from '@jest/globals'
import { createErrorSite } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { unlessAborted } from '../src/index.ts'

const site = createErrorSite({ provider: 'small', cloud: null }, 'get')

describe('unlessAborted', () => {
  it('runs the work', async () => expect(await unlessAborted(site, {}, TE.right(1))()).toEqual(E.right(1)))

  it('checks the signal when it runs, not when it is created', async () => {
    const controller = new AbortController()
    let runs = 0
    const work = unlessAborted(site, controller, async () => E.right((runs += 1)))
    controller.abort()
    expect(await work()).toMatchObject(E.left({ _tag: 'Aborted', operation: 'get' }))
    expect(runs).toBe(0)
  })
})
