import assert from 'node:assert/strict'
import {
  deriveCapabilities,
  CAPABILITY_NAMES,
  Image,
  type CapabilityName,
  type Cursor,
  type ImageSource,
  type Page,
} from '@imago/core/provider'
import { getIds, must, mustFail, NO_SUCH_ID, NotApplicable, steadily, walk, type Check } from './check.ts'
import { EVERYTHING } from './filter-check.ts'
import { callOn, isWriting, NOWHERE } from './method-arguments.ts'

const createRef = (source: ImageSource, id: string): Image['ref'] => ({
  provider: source.cloud.provider,
  cloud: source.cloud.cloud,
  region: source.cloud.region,
  id,
})

/** Reading methods without an ID argument. */
const WITHOUT_ID: ReadonlySet<CapabilityName> = new Set<CapabilityName>([
  'owner',
  'servers',
  'estimate',
  'uploadLimits',
  'orphans',
  'usage',
  'prices',
])

/** Methods that need more than an image to look up: they have their own checks. */
const CHECKED_ELSEWHERE: ReadonlySet<CapabilityName> = new Set<CapabilityName>([
  'create',
  'createFromServer',
  'createFromBytes',
  'deleteOrphan',
  'importFromUrl',
  'copyToStore',
])

/** The maximum number of images of a listing that are checked one by one. */
const MAX_IMAGES = 5

/** Checks of reading, and of arguments that are refused early. */
export const READ_CHECKS: readonly Check[] = [
  {
    name: 'declares the capabilities of the subject',
    promises: ['capabilities'],
    needs: [],
    writes: false,
    run: async (source, { declared }) => assert.deepEqual(source.capabilities, declared),
  },
  {
    name: 'declares exactly the methods that it has',
    promises: ['presence', 'capabilities'],
    needs: [],
    writes: false,
    run: async (source) => assert.deepEqual(source.capabilities.operations, deriveCapabilities(source).operations),
  },
  {
    name: 'probe adds nothing to the declared capabilities',
    promises: ['probe-narrows'],
    needs: [],
    writes: false,
    run: async (source) => {
      const probed = await must(source.probe())
      for (const key of ['operations', 'filters', 'changes', 'digests'] as const) {
        const declared: readonly string[] = source.capabilities[key]
        assert.deepEqual(
          probed[key].filter((word) => !declared.includes(word)),
          [],
          key,
        )
      }
    },
  },
  {
    name: 'probe changes nothing',
    promises: ['probe-changes-nothing'],
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const before = (await walk(source, EVERYTHING)).images
        await must(source.probe())
        assert.deepEqual((await walk(source, EVERYTHING)).images, before)
      }),
  },
  {
    name: 'lists images of this cloud, each once',
    promises: ['once', 'images'],
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const { images } = await walk(source, EVERYTHING)
        assert.ok(images.length > 0, 'the suite needs a source with images')
        for (const image of images) {
          assert.ok(Image.is(image), `${image.ref.id} is no Image`)
          assert.deepEqual(image.ref, createRef(source, image.ref.id))
        }
        assert.equal(new Set(getIds(images)).size, images.length, 'each image once')
      }),
  },
  {
    name: 'lists in the same order for any page size, and starts again with a null cursor',
    promises: ['once', 'first-page'],
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const whole = await walk(source, EVERYTHING)
        const small: string[] = []
        for (let page: Page | null = null; page === null || (page.next !== null && small.length < 2 * MAX_IMAGES);) {
          page = await must(source.listPage(EVERYTHING, page === null ? null : page.next, { pageSize: 2 }))
          small.push(...getIds(page.items))
        }
        assert.deepEqual(small, getIds(whole.images).slice(0, small.length), 'the order is the same in pages of two')
        const again = await must(source.listPage(EVERYTHING, null))
        assert.deepEqual(getIds(again.items), getIds(whole.pages[0]?.items ?? []), 'null asks for the first page')
      }),
  },
  {
    name: 'the default listing includes all public and private images of a listing by visibility',
    promises: ['default-list'],
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const listed = await walk(source, EVERYTHING)
        const there = new Set(getIds(listed.images))
        for (const visibility of ['public', 'private'] as const) {
          const asked = (await walk(source, { ...EVERYTHING, visibility })).images.filter(
            (image) => image.visibility === visibility,
          )
          if (listed.isWhole)
            assert.deepEqual(
              getIds(asked).filter((id) => !there.has(id)),
              [],
              `${visibility} images that are listed only if asked for`,
            )
        }
      }),
  },
  {
    name: 'onNext receives only the next cursor of the page',
    promises: ['on-next'],
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        for (const pageSize of [1, 100]) {
          const told: Cursor[] = []
          const { next } = await must(
            source.listPage(EVERYTHING, null, { pageSize, onNext: (cursor) => told.push(cursor) }),
          )
          assert.deepEqual(
            told,
            told.map(() => next),
            'what is told is the next of the page',
          )
        }
      }),
  },
  {
    name: 'get returns the same image as listPage',
    promises: ['get-listed', 'images'],
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const { items } = await must(source.listPage(EVERYTHING, null))
        // Hidden images first: a source may leave them out by mistake.
        for (const listed of [
          ...items.filter(({ hidden }) => hidden === true),
          ...items.filter(({ hidden }) => hidden !== true),
        ].slice(0, MAX_IMAGES)) {
          const image = await must(source.get(listed.ref.id))
          assert.ok(Image.is(image))
          assert.deepEqual({ ...image, raw: null }, { ...listed, raw: null })
        }
      }),
  },
  {
    name: 'a page does not exceed its limit',
    promises: ['page-size'],
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const first = await must(source.listPage(EVERYTHING, null, { pageSize: 1 }))
        if (first.next === null && (await walk(source, EVERYTHING)).images.length < 2)
          throw new NotApplicable('this cloud has one image only, and so one page')
        const second =
          first.next === null ? [] : (await must(source.listPage(EVERYTHING, first.next, { pageSize: 1 }))).items
        assert.ok(
          first.items.length <= 1 && second.length <= 1,
          `${Math.max(first.items.length, second.length)} images on a page of one`,
        )
        assert.deepEqual(
          second.filter(({ ref }) => getIds(first.items).includes(ref.id)),
          [],
        )
      }),
  },
  {
    name: 'the same cursor returns the same page, and ahead begins with next',
    promises: ['same-cursor', 'ahead'],
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const options = { pageSize: 1 }
        let page: Page = await must(source.listPage(EVERYTHING, null, options))
        if (page.next === null) throw new NotApplicable('this cloud has one page only, even of one image')
        for (let seen = 0; seen < MAX_IMAGES && page.next !== null; seen++) {
          if (page.ahead !== undefined) assert.equal(page.ahead[0] ?? null, page.next, 'ahead begins with next')
          const again: Page = await must(source.listPage(EVERYTHING, page.next, options))
          page = await must(source.listPage(EVERYTHING, page.next, options))
          assert.deepEqual(getIds(page.items), getIds(again.items))
          assert.equal(page.next, again.next)
        }
        if (page.next === null && page.ahead !== undefined)
          assert.deepEqual(page.ahead, [], 'nothing is ahead of the last page')
      }),
  },
  {
    name: 'an unknown ID is NotFound in every reading method',
    promises: ['not-found', 'error-site'],
    needs: [],
    writes: false,
    run: async (source) => {
      assert.equal((await mustFail(source, 'NotFound', source.get(NO_SUCH_ID))).operation, 'get')
      for (const name of source.capabilities.operations.filter((one) => !isWriting(one) && !WITHOUT_ID.has(one)))
        assert.equal((await mustFail(source, 'NotFound', callOn(source, name, NOWHERE))).operation, name)
    },
  },
  {
    name: 'an unknown ID is NotFound in every writing method',
    promises: ['not-found', 'error-site'],
    needs: [],
    writes: true,
    unless: ({ operations }) =>
      operations.some((name) => isWriting(name) && !CHECKED_ELSEWHERE.has(name))
        ? null
        : 'no method changes an image by its id',
    run: async (source) => {
      for (const name of source.capabilities.operations.filter((one) => isWriting(one) && !CHECKED_ELSEWHERE.has(one)))
        assert.equal((await mustFail(source, 'NotFound', callOn(source, name, NOWHERE))).operation, name)
    },
  },
  {
    name: 'an aborted signal is Aborted',
    promises: ['abort', 'error-site'],
    needs: [],
    writes: false,
    run: async (source) => {
      const signal = AbortSignal.abort()
      for (const work of [
        source.get(NO_SUCH_ID, { signal }),
        source.listPage({}, null, { signal }),
        source.probe({ signal }),
      ])
        await mustFail(source, 'Aborted', work)
      for (const name of source.capabilities.operations.filter((one) => !isWriting(one)))
        assert.equal((await mustFail(source, 'Aborted', callOn(source, name, NOWHERE, { signal }))).operation, name)
    },
  },
  {
    name: 'an aborted signal is Aborted, and writes nothing',
    promises: ['abort', 'error-site'],
    needs: [],
    writes: true,
    unless: ({ operations }) => (operations.some(isWriting) ? null : 'it only reads'),
    run: async (source) => {
      const signal = AbortSignal.abort()
      for (const name of source.capabilities.operations.filter(isWriting))
        assert.equal((await mustFail(source, 'Aborted', callOn(source, name, NOWHERE, { signal }))).operation, name)
    },
  },
  {
    name: 'undeclared capabilities are Unsupported',
    promises: ['presence'],
    needs: [],
    writes: false,
    unless: ({ operations }) => (operations.length === CAPABILITY_NAMES.length ? 'every method is declared' : null),
    run: async (source) => {
      for (const name of CAPABILITY_NAMES.filter((one) => !source.capabilities.operations.includes(one))) {
        const error = await mustFail(source, 'Unsupported', callOn(source, name, NOWHERE))
        assert.equal(error.capability, name)
      }
    },
  },
]
