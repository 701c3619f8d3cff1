import { describe, expect, test } from '@jest/globals'
import { createErrorSite } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { withParsedId } from '../src/index.ts'

const site = createErrorSite({ provider: 'small', cloud: 'mine' }, 'get')

const run = (known: E.Either<{ readonly what: string }, number>, signal?: AbortSignal) => {
  let asked: number | null = null
  const answer = withParsedId(site, { signal }, known, (id) => {
    asked = id
    return TE.right('done')
  })()
  return answer.then((result) => ({ result, asked }))
}

describe('withParsedId', () => {
  test('does the work with the id', async () =>
    expect(await run(E.right(7))).toEqual({ result: E.right('done'), asked: 7 }))

  test('answers NotFound without asking', async () =>
    expect(await run(E.left({ what: 'image x not found' }))).toMatchObject({
      result: E.left({ _tag: 'NotFound', what: 'image x not found', operation: 'get' }),
      asked: null,
    }))

  test('an abort comes first', async () =>
    expect(await run(E.left({ what: 'x' }), AbortSignal.abort())).toMatchObject({
      result: E.left({ _tag: 'Aborted' }),
      asked: null,
    }))
})
