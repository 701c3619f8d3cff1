import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { listAll, perform, type ImageSource, type NewImage } from '@imago/core/provider'
import { must, mustFail, type Check } from './check.ts'
import { createChange, CHANGES, created, NEW_IMAGE } from './new-image.ts'

/** Creates a request with every value that an image of this source can hold. */
const fullRequest = ({ capabilities: { changes, operations } }: ImageSource): NewImage => ({
  ...Object.assign({}, ...changes.filter((field) => field !== 'kind').map(createChange)),
  ...(operations.includes('setVisibility') ? { visibility: 'private' } : {}),
  ...NEW_IMAGE,
})

/** Optional fields of a new record. */
const HOLDABLE = ['description', 'labels', 'tags', 'properties', 'minDisk', 'minRam'] as const

/** Checks of creating images without data. */
export const CREATE_CHECKS: readonly Check[] = [
  {
    name: 'create returns a pending image with the requested fields',
    promises: ['create'],
    needs: ['create'],
    writes: true,
    run: async (source, context) => {
      const request = fullRequest(source)
      const made = await created(source, context, request)
      for (const image of [made, await must(source.get(made.ref.id))]) {
        const { name, status, architecture, format } = image
        assert.deepEqual({ name, status, architecture, diskFormat: format.disk }, { ...NEW_IMAGE, status: 'pending' })
        if (request.visibility !== undefined) assert.equal(image.visibility, request.visibility)
        for (const field of source.capabilities.changes.filter((one) => one !== 'kind' && one !== 'name'))
          assert.deepEqual(CHANGES[field].shows(image), CHANGES[field].to, field)
      }
    },
  },
  {
    name: 'owner returns the owner of a new image',
    promises: ['owner'],
    needs: ['owner', 'create'],
    writes: true,
    run: async (source, context) =>
      assert.equal((await created(source, context)).owner, await must(perform(source, 'owner'))),
  },
  {
    name: 'create with an unsupported field is Rejected, and creates nothing',
    promises: ['create'],
    needs: ['create'],
    writes: true,
    unless: ({ changes }) =>
      HOLDABLE.every((field) => changes.includes(field)) ? 'images of this source can have every field' : null,
    run: async (source) => {
      const name = 'imago-not-to-be-held'
      for (const field of HOLDABLE.filter((one) => !source.capabilities.changes.includes(one))) {
        await mustFail(
          source,
          'Rejected',
          perform(source, 'create', { ...NEW_IMAGE, ...(createChange(field) as object), name }),
        )
        assert.deepEqual(
          (await must(listAll(source, { name, hidden: 'include' }))).items,
          [],
          `it is Rejected for its ${field}, and created`,
        )
      }
    },
  },
  {
    name: 'create uses a given ID only once, or is Rejected and creates nothing',
    promises: ['create'],
    needs: ['create'],
    writes: true,
    run: async (source, context) => {
      const request = { ...NEW_IMAGE, name: 'imago-of-a-chosen-id', id: randomUUID() }
      const first = await perform(source, 'create', request)()
      if (first._tag === 'Left') {
        assert.equal(first.left._tag, 'Rejected')
        assert.deepEqual((await must(listAll(source, { name: request.name, hidden: 'include' }))).items, [])
        return
      }
      context.deleteLater(first.right.ref.id)
      assert.equal(first.right.ref.id, request.id)
      await mustFail(source, 'Conflict', perform(source, 'create', request))
    },
  },
]
