import assert from 'node:assert/strict'
import {
  Image,
  listAll,
  formatError,
  perform,
  type EntryChanges,
  type ImageChanges,
  type TagChanges,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { getIds, must, mustFail, type Check } from './check.ts'
import { callOn, NOWHERE } from './method-arguments.ts'
import { CHANGES, createChange } from './new-image.ts'

const ENTRIES = ['labels', 'properties'] as const

/** Returns the fields that no update can change. */
const pickUnchangeable = ({
  status,
  visibility,
  hidden,
  protected: isProtected,
  owner,
  createdAt,
  format,
}: Image): unknown => ({ status, visibility, hidden, isProtected, owner, createdAt, format })

const VISIBILITIES = ['shared', 'community', 'public', 'private'] as const

/** Methods that return the changed image. */
const GIVING = ['update', 'protect', 'hide', 'deactivate', 'setVisibility'] as const

/** Checks of methods that change existing images. */
export const WRITE_CHECKS: readonly Check[] = [
  {
    name: 'update changes only the declared fields',
    promises: ['update'],
    needs: ['update'],
    writes: true,
    run: async (source, { disposable }) => {
      const id = await disposable()
      for (const field of source.capabilities.changes) {
        const before = await must(source.get(id))
        const after = await must(perform(source, 'update', id, createChange(field)))
        assert.ok(Image.is(after))
        for (const image of [after, await must(source.get(id))])
          assert.deepEqual(CHANGES[field].shows(image), CHANGES[field].to, field)
        for (const other of source.capabilities.changes.filter((one) => one !== field))
          assert.deepEqual(CHANGES[other].shows(after), CHANGES[other].shows(before), `${field} changed ${other}`)
        assert.deepEqual(
          pickUnchangeable(after),
          pickUnchangeable(before),
          `the change of ${field} changed a field that update cannot change`,
        )
      }
    },
  },
  {
    name: 'update of other fields is Unsupported, and changes nothing',
    promises: ['update-unsupported'],
    needs: ['update'],
    writes: true,
    unless: ({ changes }) =>
      (Object.keys(CHANGES) as (keyof ImageChanges)[]).every((field) => changes.includes(field))
        ? 'every field can be changed'
        : null,
    run: async (source, { disposable }) => {
      const id = await disposable()
      const [declared] = source.capabilities.changes
      for (const field of (Object.keys(CHANGES) as (keyof ImageChanges)[]).filter(
        (one) => !source.capabilities.changes.includes(one),
      )) {
        const before = await must(source.get(id))
        await mustFail(
          source,
          'Unsupported',
          perform(source, 'update', id, {
            ...createChange(field),
            ...(declared === undefined ? {} : createChange(declared)),
          }),
        )
        assert.deepEqual(await must(source.get(id)), before, field)
      }
    },
  },
  {
    name: 'update keeps entries that it does not name, and null deletes one',
    promises: ['update'],
    needs: ['update'],
    writes: true,
    unless: ({ changes }) =>
      ENTRIES.some((field) => changes.includes(field)) ? null : 'neither labels nor properties can be changed',
    run: async (source, { disposable }) => {
      const id = await disposable()
      for (const field of ENTRIES.filter((one) => source.capabilities.changes.includes(one))) {
        const set = async (entries: EntryChanges): Promise<EntryChanges> =>
          (await must(perform(source, 'update', id, { [field]: entries })))[field]
        const before = (await must(source.get(id)))[field]
        assert.deepEqual(await set({ imago_a: '1', imago_b: '2' }), { ...before, imago_a: '1', imago_b: '2' })
        assert.deepEqual(await set({ imago_a: null }), { ...before, imago_b: '2' })
      }
    },
  },
  {
    name: 'update adds and removes the named tags, and keeps the others',
    promises: ['update'],
    needs: ['update'],
    writes: true,
    unless: ({ changes }) => (changes.includes('tags') ? null : 'tags cannot be changed'),
    run: async (source, { disposable }) => {
      const id = await disposable()
      const set = async (tags: TagChanges): Promise<readonly string[]> =>
        (await must(perform(source, 'update', id, { tags }))).tags
      const { tags } = await must(source.get(id))
      const sorted = (...more: readonly string[]): readonly string[] => [...new Set([...tags, ...more])].sort()
      assert.deepEqual(await set({ add: ['imago-a', 'imago-b'] }), sorted('imago-a', 'imago-b'))
      assert.deepEqual(await set({ add: ['imago-c'], remove: ['imago-a', 'imago-none'] }), sorted('imago-b', 'imago-c'))
      assert.deepEqual(await set({ add: ['imago-c'] }), sorted('imago-b', 'imago-c'))
      assert.deepEqual((await must(source.get(id))).tags, sorted('imago-b', 'imago-c'))
    },
  },
  {
    name: 'methods that return an image return one of this cloud',
    promises: ['images'],
    needs: [],
    writes: true,
    unless: ({ operations }) =>
      GIVING.some((name) => operations.includes(name)) ? null : 'no method that changes images gives one',
    run: async (source, { disposable }) => {
      const id = await disposable()
      for (const name of GIVING.filter((one) => source.capabilities.operations.includes(one))) {
        const result = await callOn(source, name, { ...NOWHERE, id })()
        // Refusals have their own check.
        if (E.isLeft(result)) continue
        const image = result.right as Image
        assert.ok(Image.is(image), `${name} returns a value that is not an Image`)
        assert.deepEqual(image.ref, { ...source.cloud, id }, name)
      }
    },
  },
  {
    name: 'a deleted image no longer exists',
    promises: ['delete'],
    needs: ['delete'],
    writes: true,
    run: async (source, { disposable }) => {
      const id = await disposable()
      await must(perform(source, 'delete', id))
      const later = await source.get(id)()
      if (later._tag === 'Right')
        assert.ok(['deleting', 'deleted'].includes(later.right.status), `still ${later.right.status}`)
      else assert.equal(later.left._tag, 'NotFound')
    },
  },
  {
    name: 'protect prevents the deletion of an image until it is unprotected',
    promises: ['protect', 'delete-protected'],
    needs: ['protect', 'delete'],
    writes: true,
    run: async (source, { disposable }) => {
      const id = await disposable()
      for (const _ of ['once', 'again'])
        assert.equal((await must(perform(source, 'protect', id, true))).protected, true)
      assert.equal((await mustFail(source, 'Forbidden', perform(source, 'delete', id))).reason, 'protected')
      assert.equal((await must(source.get(id))).protected, true)
      for (const _ of ['once', 'again'])
        assert.equal((await must(perform(source, 'protect', id, false))).protected, false)
      await must(perform(source, 'delete', id))
    },
  },
  {
    name: 'hide removes an image from default lists, and get still returns it',
    promises: ['hide', 'get-hidden'],
    needs: ['hide'],
    writes: true,
    run: async (source, { disposable }) => {
      const id = await disposable()
      const { name } = await must(source.get(id))
      const named = name === null ? {} : { name }
      const isListed = async (hidden?: 'only'): Promise<boolean> =>
        getIds((await must(listAll(source, { ...named, ...(hidden === undefined ? {} : { hidden }) }))).items).includes(
          id,
        )
      for (const _ of ['once', 'again']) assert.equal((await must(perform(source, 'hide', id, true))).hidden, true)
      assert.equal((await must(source.get(id))).hidden, true)
      assert.deepEqual([await isListed(), await isListed('only')], [false, true])
      for (const _ of ['once', 'again']) assert.equal((await must(perform(source, 'hide', id, false))).hidden, false)
      assert.deepEqual([await isListed(), await isListed('only')], [true, false])
    },
  },
  {
    name: 'setVisibility sets the visibility, or is Forbidden and changes nothing',
    promises: ['visibility', 'visibility-forbidden'],
    needs: ['setVisibility'],
    writes: true,
    run: async (source, { disposable }) => {
      const id = await disposable()
      for (const visibility of VISIBILITIES) {
        const before = (await must(source.get(id))).visibility
        const result = await perform(source, 'setVisibility', id, visibility)()
        if (E.isRight(result)) assert.equal(result.right.visibility, visibility)
        else assert.equal(result.left._tag, 'Forbidden', formatError(result.left))
        assert.equal((await must(source.get(id))).visibility, E.isRight(result) ? visibility : before)
      }
      assert.equal((await must(perform(source, 'setVisibility', id, 'private'))).visibility, 'private')
    },
  },
  {
    name: 'deactivate blocks downloads of an image until it is reactivated',
    promises: ['deactivate', 'no-data'],
    needs: ['deactivate'],
    writes: true,
    run: async (source, { disposable }) => {
      const id = await disposable()
      for (const _ of ['once', 'again'])
        assert.equal((await must(perform(source, 'deactivate', id, true))).status, 'unavailable')
      assert.equal((await must(source.get(id))).status, 'unavailable')
      if (source.download !== undefined) await mustFail(source, 'Forbidden', source.download(id))
      for (const _ of ['once', 'again'])
        assert.equal((await must(perform(source, 'deactivate', id, false))).status, 'available')
      assert.equal((await must(source.get(id))).status, 'available')
      if (source.download !== undefined) await must(source.download(id))
    },
  },
]
