import assert from 'node:assert/strict'
import { capabilitiesOf, CAPABILITY_NAMES, FILTER_NAMES, Image, matches, perform, type FilterName, type ImageSource, type Query } from '@imago/core'
import { idsOf, must, mustFail, walk, walkImages, type Check } from './check.ts'

/** No provider gives such an id. */
export const NO_SUCH_ID = 'imago-no-such-image'

const refOf = (source: ImageSource, id: string): Image['ref'] => ({ provider: source.cloud.provider, cloud: source.cloud.cloud, region: source.cloud.region, id })

const EVERYTHING: Query = { hidden: 'include' }

type Samples = { readonly [F in FilterName]: (image: Image) => readonly Query[] }

const given = (query: Readonly<Record<string, unknown>>): readonly Query[] => (Object.values(query).every((value) => value !== null) ? [query as Query] : [])

/** Queries with one filter, made of what an image says. */
const SAMPLES: Samples = {
  distro: ({ os }) => given({ distro: os.distro }),
  version: ({ os }) => given({ version: os.version }),
  architecture: ({ architecture }) => given({ architecture }),
  status: ({ status }) => given({ status }),
  visibility: ({ visibility }) => given({ visibility }),
  kind: ({ kind }) => given({ kind }),
  name: ({ name }) => given({ name }),
  description: ({ description }) => given({ description }),
  owner: ({ owner }) => given({ owner }),
  labels: ({ labels }) => Object.entries(labels).flatMap(([key, value]) => [{ labels: { [key]: value } }, { labels: { [key]: true } }]),
  tags: ({ tags }) => tags.map((tag) => ({ tags: [tag] })),
  olderThan: ({ createdAt }) => given({ olderThan: createdAt }),
  deprecated: () => [{ deprecated: true }, { deprecated: false }],
  hidden: () => [{}, { hidden: 'exclude' }, { hidden: 'only' }],
  text: ({ ref, name }) => [{ text: ref.id }, ...(name === null ? [] : [{ text: name.toUpperCase() }])],
}

/** At most this many queries per filter: a provider may have thousands of images. */
const MOST = 5

const queriesOf = (filter: FilterName, images: readonly Image[]): readonly Query[] => [
  ...new Map(images.flatMap((image) => SAMPLES[filter](image)).map((query) => [JSON.stringify(query), query])).values(),
].slice(0, MOST)

const READING: readonly Check[] = [
  {
    name: 'declares the methods that are present, and no others',
    needs: [],
    run: async (source) => assert.deepEqual(source.capabilities.operations, capabilitiesOf(source).operations),
  },
  {
    name: 'probe adds nothing to what is declared',
    needs: [],
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
    run: async (source) => {
      const images = await walkImages(source, EVERYTHING)
      assert.ok(images.length > 0, 'the suite needs a source with images')
      for (const image of images) {
        assert.ok(Image.is(image), `${image.ref.id} is no Image`)
        assert.deepEqual(image.ref, refOf(source, image.ref.id))
      }
      assert.equal(new Set(idsOf(images)).size, images.length, 'each image once')
    },
  },
  {
    name: 'get gives what listPage gives',
    needs: [],
    run: async (source) => {
      for (const { ref } of (await walkImages(source, EVERYTHING)).slice(0, MOST)) {
        const image = await must(source.get(ref.id))
        assert.ok(Image.is(image))
        assert.deepEqual(image.ref, ref)
      }
    },
  },
  {
    name: 'the same cursor gives the same page again, and ahead begins with next',
    needs: [],
    run: async (source) => {
      for (const { next, ahead } of await walk(source, EVERYTHING)) {
        if (ahead !== undefined) assert.equal(ahead[0] ?? null, next)
        if (next === null) continue
        const [once, again] = [await must(source.listPage(EVERYTHING, next)), await must(source.listPage(EVERYTHING, next))]
        assert.deepEqual(idsOf(again.items), idsOf(once.items))
        assert.equal(again.next, once.next)
      }
    },
  },
  {
    name: 'an id that does not exist is NotFound',
    needs: [],
    run: async (source) => {
      const error = await mustFail(source, 'NotFound', source.get(NO_SUCH_ID))
      assert.equal(error.operation, 'get')
    },
  },
  {
    name: 'an aborted signal gives Aborted',
    needs: [],
    run: async (source) => {
      const signal = AbortSignal.abort()
      await mustFail(source, 'Aborted', source.get(NO_SUCH_ID, { signal }))
      await mustFail(source, 'Aborted', source.listPage({}, null, { signal }))
      await mustFail(source, 'Aborted', source.probe({ signal }))
    },
  },
  {
    name: 'what is not declared answers Unsupported',
    needs: [],
    run: async (source) => {
      for (const name of CAPABILITY_NAMES.filter((one) => !source.capabilities.operations.includes(one))) {
        const error = await mustFail(source, 'Unsupported', perform(source, name, ...([NO_SUCH_ID] as never)))
        assert.equal(error.capability, name)
      }
    },
  },
]

/** A filter that is declared must filter as `matches` does; one that is not must filter nothing, for core will. */
const FILTERING: readonly Check[] = FILTER_NAMES.map((filter) => ({
  name: `filters by ${filter} if that is declared, and not at all if not`,
  needs: [],
  run: async (source) => {
    const images = await walkImages(source, EVERYTHING)
    const isDeclared = source.capabilities.filters.includes(filter)
    for (const sample of queriesOf(filter, images)) {
      const query = filter === 'hidden' ? sample : { ...EVERYTHING, ...sample }
      const expected = isDeclared ? images.filter((image) => matches(query, image)) : images
      assert.deepEqual(idsOf(await walkImages(source, query)), idsOf(expected), JSON.stringify(query))
    }
  },
}))

/** The promises of the methods that every source has. They change nothing. */
export const READ_CHECKS: readonly Check[] = [...READING, ...FILTERING]
