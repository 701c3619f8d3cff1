import assert from 'node:assert/strict'
import { Image, listAll, perform, type CapabilityName, type Entries, type ImageChanges, type ImageSource } from '@imago/core'
import { idsOf, must, mustFail, type Check } from './check.ts'
import { NO_SUCH_ID } from './read-check.ts'

/** A change of each field, and what the image must then show. */
const CHANGES: { readonly [K in keyof ImageChanges]-?: { readonly to: Required<ImageChanges>[K]; readonly shows: (image: Image) => unknown } } = {
  kind: { to: 'snapshot', shows: ({ kind }) => kind },
  name: { to: 'imago-renamed', shows: ({ name }) => name },
  description: { to: 'described by imago', shows: ({ description }) => description },
  labels: { to: { 'imago-label': 'one' }, shows: ({ labels }) => ({ 'imago-label': labels['imago-label'] }) },
  tags: { to: ['imago-tag'], shows: ({ tags }) => tags },
  properties: { to: { imago_property: 'one' }, shows: ({ properties }) => ({ imago_property: properties['imago_property'] }) },
  minDisk: { to: 10 * 2 ** 30, shows: ({ size }) => size.minDisk },
  minRam: { to: 2 ** 30, shows: ({ size }) => size.minRam },
}

const changeOf = (field: keyof ImageChanges): ImageChanges => ({ [field]: CHANGES[field].to })

const entriesOf = (source: ImageSource): readonly ('labels' | 'properties')[] => (['labels', 'properties'] as const).filter((field) => source.capabilities.changes.includes(field))

/** Arguments of the methods that take an image's id, behind the id. */
const REST: { readonly [N in CapabilityName]?: readonly unknown[] } = {
  update: [{}],
  remove: [],
  protect: [true],
  hide: [true],
  deactivate: [true],
  setVisibility: ['private'],
  download: [],
}

/** The promises of the methods that change images which are there. */
export const WRITE_CHECKS: readonly Check[] = [
  {
    name: 'update changes what is declared, and nothing else',
    needs: ['update'],
    run: async (source, { disposable }) => {
      const id = await disposable()
      for (const field of source.capabilities.changes) {
        const before = await must(source.get(id))
        const after = await must(perform(source, 'update', id, changeOf(field)))
        assert.ok(Image.is(after))
        for (const image of [after, await must(source.get(id))]) assert.deepEqual(CHANGES[field].shows(image), CHANGES[field].to, field)
        for (const other of source.capabilities.changes.filter((one) => one !== field)) assert.deepEqual(CHANGES[other].shows(after), CHANGES[other].shows(before), `${field} changed ${other}`)
      }
    },
  },
  {
    name: 'update of anything else is Unsupported, and changes nothing',
    needs: ['update'],
    run: async (source, { disposable }) => {
      const id = await disposable()
      const [declared] = source.capabilities.changes
      for (const field of (Object.keys(CHANGES) as (keyof ImageChanges)[]).filter((one) => !source.capabilities.changes.includes(one))) {
        const before = await must(source.get(id))
        await mustFail(source, 'Unsupported', perform(source, 'update', id, { ...changeOf(field), ...(declared === undefined ? {} : changeOf(declared)) }))
        assert.deepEqual(await must(source.get(id)), before, field)
      }
    },
  },
  {
    name: 'update keeps entries that it does not name, and null removes one',
    needs: ['update'],
    run: async (source, { disposable }) => {
      const id = await disposable()
      for (const field of entriesOf(source)) {
        const set = async (entries: Entries): Promise<Entries> => (await must(perform(source, 'update', id, { [field]: entries })))[field]
        const before = (await must(source.get(id)))[field]
        assert.deepEqual(await set({ imago_a: '1', imago_b: '2' }), { ...before, imago_a: '1', imago_b: '2' })
        assert.deepEqual(await set({ imago_a: null }), { ...before, imago_b: '2' })
      }
    },
  },
  {
    name: 'a removed image is gone',
    needs: ['remove'],
    run: async (source, { disposable }) => {
      const id = await disposable()
      await must(perform(source, 'remove', id))
      const later = await source.get(id)()
      if (later._tag === 'Right') assert.ok(['deleting', 'deleted'].includes(later.right.status), `still ${later.right.status}`)
      else assert.equal(later.left._tag, 'NotFound')
    },
  },
  {
    name: 'protect keeps an image from being removed, until it is lifted',
    needs: ['protect', 'remove'],
    run: async (source, { disposable }) => {
      const id = await disposable()
      for (const _ of ['once', 'again']) assert.equal((await must(perform(source, 'protect', id, true))).protected, true)
      assert.equal((await mustFail(source, 'Forbidden', perform(source, 'remove', id))).reason, 'protected')
      assert.equal((await must(source.get(id))).protected, true)
      assert.equal((await must(perform(source, 'protect', id, false))).protected, false)
      await must(perform(source, 'remove', id))
    },
  },
  {
    name: 'hide leaves an image out of default lists, and get still gives it',
    needs: ['hide'],
    run: async (source, { disposable }) => {
      const id = await disposable()
      const isListed = async (hidden?: 'only'): Promise<boolean> => idsOf((await must(listAll(source, hidden === undefined ? {} : { hidden }))).items).includes(id)
      assert.equal((await must(perform(source, 'hide', id, true))).hidden, true)
      assert.equal((await must(source.get(id))).hidden, true)
      assert.deepEqual([await isListed(), await isListed('only')], [false, true])
      assert.equal((await must(perform(source, 'hide', id, false))).hidden, false)
      assert.deepEqual([await isListed(), await isListed('only')], [true, false])
    },
  },
  {
    name: 'setVisibility sets it',
    needs: ['setVisibility'],
    run: async (source, { disposable }) => {
      const id = await disposable()
      assert.equal((await must(perform(source, 'setVisibility', id, 'private'))).visibility, 'private')
      assert.equal((await must(source.get(id))).visibility, 'private')
    },
  },
  {
    name: 'an id that does not exist is NotFound to every method that takes one',
    needs: [],
    run: async (source) => {
      for (const name of source.capabilities.operations) {
        const rest = REST[name]
        if (rest !== undefined) assert.equal((await mustFail(source, 'NotFound', perform(source, name, ...([NO_SUCH_ID, ...rest] as never)))).operation, name)
      }
    },
  },
]
