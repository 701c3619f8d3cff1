import { describe, expect, it } from '@jest/globals'
import { createErrorSite, notFound, unavailable, type ImageResult } from '@imago/core/provider'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { deleteOrphanedResource, explainKeepingByLabels } from '../src/delete-orphan.ts'
import { createTemporaryLabels, type Labels } from '../src/run-tags.ts'

const site = createErrorSite({ provider: 'test', cloud: 'a' }, 'deleteOrphan')

const deleteServer = async (read: ImageResult<Labels>) => {
  let deleted = 0
  const result = await deleteOrphanedResource({
    site,
    subject: 'server 42',
    run: 'run-1',
    read,
    explainKeeping: explainKeepingByLabels,
    remove: async () => {
      deleted += 1
      return TE.right<never, void>(undefined)()
    },
  })()
  return { deleted, result }
}

describe('deleteOrphanedResource', () => {
  it('deletes a temporary resource of the run', async () => {
    const { deleted, result } = await deleteServer(TE.right(createTemporaryLabels('run-1')))
    expect(result).toEqual({ _tag: 'Right', right: undefined })
    expect(deleted).toBe(1)
  })

  it.each([
    ['a resource of another run', createTemporaryLabels('run-2'), 'it does not have the label imago-run=run-1'],
    ['a resource of no run', { imago: 'temporary' }, 'it does not have the label imago-run=run-1'],
    ['a complete resource', { 'imago-run': 'run-1' }, 'it does not have the label imago=temporary'],
    ['a resource without labels', {}, 'it does not have the label imago=temporary'],
  ])('returns Forbidden for %s', async (_, labels, why) => {
    const { deleted, result } = await deleteServer(TE.right(labels as Labels))
    expect(result).toMatchObject({
      left: { _tag: 'Forbidden', reason: 'not_orphan', what: expect.stringContaining(`server 42 was kept`) },
    })
    expect(result).toMatchObject({ left: { what: expect.stringContaining(why) } })
    expect(deleted).toBe(0)
  })

  it('succeeds if the resource no longer exists', async () => {
    const { deleted, result } = await deleteServer(TE.left(notFound(site, { what: 'server not found: 42' })))
    expect(result).toEqual({ _tag: 'Right', right: undefined })
    expect(deleted).toBe(0)
  })

  it('returns the error if the resource cannot be read', async () => {
    const { deleted, result } = await deleteServer(TE.left(unavailable(site, { what: 'down' })))
    expect(result).toMatchObject({ left: { _tag: 'Unavailable' } })
    expect(deleted).toBe(0)
  })
})
