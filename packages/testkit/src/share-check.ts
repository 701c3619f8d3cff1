import assert from 'node:assert/strict'
import { listAll, perform, type ImageShare, type ImageSource } from '@imago/core/provider'
import { getIds, MANY, must, mustFail, type CheckContext, type Check } from './check.ts'

/** Project IDs that are valid but unused: a provider does not reveal whether a project exists. */
const strangerId = (index: number): string => `1a60${index.toString(16).padStart(28, '0')}`

const STRANGER = strangerId(0)
const ANOTHER = strangerId(1)

/** Returns the ID of an image that may be shared. */
const shareable = async (source: ImageSource, { disposable }: CheckContext): Promise<string> => {
  const id = await disposable()
  if (source.setVisibility !== undefined) await must(source.setVisibility(id, 'shared'))
  return id
}

/** Requires the shares to equal those of another result. Sources that cannot list shares are not checked. */
const sameShares = async (source: ImageSource, id: string, expected: readonly ImageShare[]): Promise<void> => {
  const sorted = (shares: readonly ImageShare[]): readonly string[] =>
    shares.map(({ project, status }) => `${project} ${status}`).toSorted()
  if (source.shares !== undefined) assert.deepEqual(sorted(await must(source.shares(id))), sorted(expected))
}

const isListed = async (source: ImageSource, id: string): Promise<boolean> => {
  const { name } = await must(source.get(id))
  return getIds(
    (await must(listAll(source, { hidden: 'include', ...(name === null ? {} : { name }) }))).items,
  ).includes(id)
}

/** Checks of sharing an image with individual projects. */
export const SHARE_CHECKS: readonly Check[] = [
  {
    name: 'an image that is not shared has no shares',
    promises: ['shares'],
    needs: ['shares'],
    writes: true,
    run: async (source, { disposable }) =>
      assert.deepEqual(await must(perform(source, 'shares', await disposable())), []),
  },
  {
    name: 'share invites a project, and revokes the invitation',
    promises: ['share', 'shares'],
    needs: ['share'],
    writes: true,
    run: async (source, context) => {
      const id = await shareable(source, context)
      const invited = await must(perform(source, 'share', id, { action: 'invite', project: STRANGER }))
      assert.deepEqual(invited, [{ project: STRANGER, status: 'pending' }])
      await sameShares(source, id, invited)
      const both = await must(perform(source, 'share', id, { action: 'invite', project: ANOTHER }))
      assert.deepEqual(
        new Set(both.map(({ project }) => project)),
        new Set([STRANGER, ANOTHER]),
        'all shares of the image',
      )
      await sameShares(source, id, both)
      const left = await must(perform(source, 'share', id, { action: 'withdraw', project: STRANGER }))
      assert.deepEqual(left, [{ project: ANOTHER, status: 'pending' }])
      await sameShares(source, id, left)
    },
  },
  {
    name: 'shares lists all projects on any number of pages',
    promises: ['shares'],
    needs: ['shares', 'share'],
    writes: true,
    run: async (source, context) => {
      const id = await shareable(source, context)
      const projects = Array.from({ length: MANY }, (_, index) => strangerId(index))
      for (const project of projects) await must(perform(source, 'share', id, { action: 'invite', project }))
      assert.deepEqual(
        new Set((await must(perform(source, 'shares', id))).map(({ project }) => project)),
        new Set(projects),
      )
    },
  },
  {
    name: 'an invited project accepts or declines, and sees the image until the share is revoked',
    promises: ['share', 'shares', 'default-list'],
    needs: ['share'],
    uses: 'other',
    writes: true,
    run: async (source, context) => {
      const { source: guest, project } = await context.other()
      const id = await shareable(source, context)
      await mustFail(guest, 'NotFound', guest.get(id))
      await must(perform(source, 'share', id, { action: 'invite', project }))
      await must(perform(source, 'share', id, { action: 'invite', project: STRANGER }))
      for (const [action, status, said] of [
        ['accept', 'accepted', project],
        ['decline', 'declined', undefined],
        ['accept', 'accepted', undefined],
      ] as const) {
        const own = await must(perform(guest, 'share', id, { action, project: said }))
        assert.deepEqual(own, [{ project, status }], 'an invited project sees only its own share')
        await sameShares(guest, id, own)
        await sameShares(source, id, [...own, { project: STRANGER, status: 'pending' }])
      }
      assert.ok(await isListed(guest, id), 'an accepted image is listed')
      await must(perform(source, 'share', id, { action: 'withdraw', project }))
      await mustFail(guest, 'NotFound', guest.get(id))
    },
  },
  {
    name: 'only the owner invites, and only the invited project accepts',
    promises: ['share'],
    needs: ['share'],
    uses: 'other',
    writes: true,
    run: async (source, context) => {
      const { source: guest, project } = await context.other()
      const id = await shareable(source, context)
      await mustFail(guest, 'NotFound', perform(guest, 'share', id, { action: 'accept', project }))
      const invited = await must(perform(source, 'share', id, { action: 'invite', project }))
      await mustFail(guest, 'Forbidden', perform(guest, 'share', id, { action: 'invite', project: STRANGER }))
      await sameShares(source, id, invited)
    },
  },
]
