import assert from 'node:assert/strict'
import { Image, type Cursor, type ImageSource, type Page } from '@imago/core/provider'
import { getIds, must, NotApplicable, steadily, walk, type Check } from './check.ts'
import { EVERYTHING } from './filter-check.ts'

const createRef = (source: ImageSource, id: string): Image['ref'] => ({
  provider: source.cloud.provider,
  cloud: source.cloud.cloud,
  region: source.cloud.region,
  id,
})

/** The maximum number of images of a listing that are checked one by one. */
const MAX_IMAGES = 5

/** Checks of listing and getting images. */
export const READ_CHECKS: readonly Check[] = [
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
          assert.ok(Image.is(image), `${image.ref.id} is not an Image`)
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
            'onNext receives the next of the page',
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
]
