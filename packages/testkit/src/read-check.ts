import assert from 'node:assert/strict'
import { capabilitiesOf, CAPABILITY_NAMES, Image, type CapabilityName, type ImageSource } from '@imago/core'
import { idsOf, must, mustFail, NO_SUCH_ID, steadily, walk, type Check } from './check.ts'
import { EVERYTHING } from './filter-check.ts'
import { callOn, isWriting, NOWHERE } from './method-arguments.ts'

const refOf = (source: ImageSource, id: string): Image['ref'] => ({ provider: source.cloud.provider, cloud: source.cloud.cloud, region: source.cloud.region, id })

/** Reading methods that take no id. */
const WITHOUT_ID: ReadonlySet<CapabilityName> = new Set<CapabilityName>(['owner', 'servers', 'estimate', 'leftovers'])

/** Methods that take more than an image to look for: their own checks have it. */
const APART: ReadonlySet<CapabilityName> = new Set<CapabilityName>(['create', 'createFromServer', 'createFromBytes', 'removeLeftover', 'importFromUrl', 'copyToStore'])

/** At most this many of a listing are looked at one by one. */
const MOST = 5

/** The promises of reading, and of what is refused before anything is done. */
export const READ_CHECKS: readonly Check[] = [
  {
    name: 'declares the methods that are present, and no others',
    needs: [],
    writes: false,
    run: async (source) => assert.deepEqual(source.capabilities.operations, capabilitiesOf(source).operations),
  },
  {
    name: 'probe adds nothing to what is declared',
    needs: [],
    writes: false,
    run: async (source) => {
      const probed = await must(source.probe())
      for (const key of ['operations', 'filters', 'changes', 'digests'] as const) {
        const declared: readonly string[] = source.capabilities[key]
        assert.deepEqual(probed[key].filter((word) => !declared.includes(word)), [], key)
      }
    },
  },
  {
    name: 'lists images of this cloud, each once',
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const { images } = await walk(source, EVERYTHING)
        assert.ok(images.length > 0, 'the suite needs a source with images')
        for (const image of images) {
          assert.ok(Image.is(image), `${image.ref.id} is no Image`)
          assert.deepEqual(image.ref, refOf(source, image.ref.id))
        }
        assert.equal(new Set(idsOf(images)).size, images.length, 'each image once')
      }),
  },
  {
    name: 'get gives what listPage gives',
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        for (const { ref } of (await must(source.listPage(EVERYTHING, null))).items.slice(0, MOST)) {
          const image = await must(source.get(ref.id))
          assert.ok(Image.is(image))
          assert.deepEqual(image.ref, ref)
        }
      }),
  },
  {
    name: 'a page holds no more images than it should',
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const first = await must(source.listPage(EVERYTHING, null, { pageSize: 1 }))
        const second = first.next === null ? [] : (await must(source.listPage(EVERYTHING, first.next, { pageSize: 1 }))).items
        assert.ok(first.items.length <= 1 && second.length <= 1, `${Math.max(first.items.length, second.length)} images on a page of one`)
        assert.deepEqual(second.filter(({ ref }) => idsOf(first.items).includes(ref.id)), [])
      }),
  },
  {
    name: 'the same cursor gives the same page again, and ahead begins with next',
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        for (const { next, ahead } of (await walk(source, EVERYTHING)).pages.slice(0, MOST)) {
          if (ahead !== undefined) assert.equal(ahead[0] ?? null, next)
          if (next === null) continue
          const [once, again] = [await must(source.listPage(EVERYTHING, next)), await must(source.listPage(EVERYTHING, next))]
          assert.deepEqual(idsOf(again.items), idsOf(once.items))
          assert.equal(again.next, once.next)
        }
      }),
  },
  {
    name: 'an id that does not exist is NotFound to every method that reads',
    needs: [],
    writes: false,
    run: async (source) => {
      assert.equal((await mustFail(source, 'NotFound', source.get(NO_SUCH_ID))).operation, 'get')
      for (const name of source.capabilities.operations.filter((one) => !isWriting(one) && !WITHOUT_ID.has(one))) assert.equal((await mustFail(source, 'NotFound', callOn(source, name, NOWHERE))).operation, name)
    },
  },
  {
    name: 'an id that does not exist is NotFound to every method that writes',
    needs: [],
    writes: true,
    run: async (source) => {
      for (const name of source.capabilities.operations.filter((one) => isWriting(one) && !APART.has(one)))
        assert.equal((await mustFail(source, 'NotFound', callOn(source, name, NOWHERE))).operation, name)
    },
  },
  {
    name: 'an aborted signal gives Aborted',
    needs: [],
    writes: false,
    run: async (source) => {
      const signal = AbortSignal.abort()
      for (const answer of [source.get(NO_SUCH_ID, { signal }), source.listPage({}, null, { signal }), source.probe({ signal })]) await mustFail(source, 'Aborted', answer)
      for (const name of source.capabilities.operations.filter((one) => !isWriting(one))) assert.equal((await mustFail(source, 'Aborted', callOn(source, name, NOWHERE, { signal }))).operation, name)
    },
  },
  {
    name: 'an aborted signal gives Aborted, and nothing is written',
    needs: [],
    writes: true,
    run: async (source) => {
      const signal = AbortSignal.abort()
      for (const name of source.capabilities.operations.filter(isWriting)) assert.equal((await mustFail(source, 'Aborted', callOn(source, name, NOWHERE, { signal }))).operation, name)
    },
  },
  {
    name: 'what is not declared answers Unsupported',
    needs: [],
    writes: false,
    run: async (source) => {
      for (const name of CAPABILITY_NAMES.filter((one) => !source.capabilities.operations.includes(one))) {
        const error = await mustFail(source, 'Unsupported', callOn(source, name, NOWHERE))
        assert.equal(error.capability, name)
      }
    },
  },
]
