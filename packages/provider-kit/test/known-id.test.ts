import { describe, expect, it } from '@jest/globals'
import { createErrorSite } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { withParsedId } from '../src/index.ts'

const site = createErrorSite({ provider: 'small', cloud: 'mine' }, 'get')

const run = (known: E.Either<{ readonly what: string }, number>, signal?: AbortSignal) => {
  let asked: number | null = null
  const response = withParsedId(site, { signal }, known, (id) => {
    asked = id
    return TE.right('done')
  })()
  return response.then((result) => ({ result, asked }))
}

describe('withParsedId', () => {
  it('runs the work with the ID', async () =>
    expect(await run(E.right(7))).toEqual({ result: E.right('done'), asked: 7 }))

  it('returns NotFound without running the work', async () =>
    expect(await run(E.left({ what: 'image x not found' }))).toMatchObject({
      result: E.left({ _tag: 'NotFound', what: 'image x not found', operation: 'get' }),
      asked: null,
    }))

  it('returns Aborted, even for an ID in a wrong format', async () =>
    expect(await run(E.left({ what: 'x' }), AbortSignal.abort())).toMatchObject({
      result: E.left({ _tag: 'Aborted' }),
      asked: null,
    }))
})
