import { describe, expect, it } from '@jest/globals'
import { conflict, notFound, createErrorSite } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { allowMissing, recoverFrom } from '../src/index.ts'

const site = createErrorSite({ provider: 'small', cloud: null }, 'delete')
const missing = notFound(site, { what: 'image 1 not found' })
const inUse = conflict(site, { what: 'image 1 is in use' })

describe('recoverFrom', () => {
  it('replaces an error of a named kind', async () =>
    expect(await recoverFrom(['NotFound'], 0)(TE.left(missing))()).toEqual(E.right(0)))

  it('keeps other errors', async () =>
    expect(await recoverFrom(['NotFound'], 0)(TE.left(inUse))()).toEqual(E.left(inUse)))

  it('keeps values', async () => expect(await recoverFrom(['NotFound'], 0)(TE.right(7))()).toEqual(E.right(7)))
})

describe('allowMissing', () => {
  it('succeeds when the resource does not exist any more', async () =>
    expect(await allowMissing(TE.left(missing))()).toEqual(E.right(undefined)))

  it('fails when the resource could not be deleted', async () =>
    expect(await allowMissing(TE.left(inUse))()).toEqual(E.left(inUse)))
})
