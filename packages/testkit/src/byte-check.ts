import assert from 'node:assert/strict'
import { createHash, getHashes, randomUUID } from 'node:crypto'
import { Instant } from '@imago/codec'
import {
  createByteSource,
  Image,
  ImageException,
  listAll,
  perform,
  type ByteRange,
  type ByteSource,
  type ImageError,
  type ImageSource,
  type OrphanedResource,
  type NewImage,
} from '@imago/core/provider'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { getIds, must, mustFail, NO_SUCH_ID, read, steadily, type Check } from './check.ts'
import { createChange, CHANGES, created, NEW_IMAGE, SAMPLE_BYTES } from './new-image.ts'

/** Creates a request with every value that an image of this source can hold. */
const fullRequest = ({ capabilities: { changes, operations } }: ImageSource): NewImage => ({
  ...Object.assign({}, ...changes.filter((field) => field !== 'kind').map(createChange)),
  ...(operations.includes('setVisibility') ? { visibility: 'private' } : {}),
  ...NEW_IMAGE,
})

/** Optional fields of a new record. */
const HOLDABLE = ['description', 'labels', 'tags', 'properties', 'minDisk', 'minRam'] as const

/** Creates bytes that end early with this error. */
const createBrokenSource = (failure: ImageError): ByteSource => {
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield SAMPLE_BYTES
    throw new ImageException(failure)
  }
  return { size: null, open: () => TE.fromIO(breaking) }
}

const LEVELS: ReadonlySet<string> = new Set(['digest-match', 'digest-declared', 'size-match', 'unverified'])

const listed = async (source: ImageSource): Promise<readonly string[]> =>
  getIds((await must(listAll(source, { hidden: 'include' }))).items).toSorted()

const isCount = (number: number): boolean => Number.isSafeInteger(number) && number >= 0

const leftBehind = async (source: ImageSource): Promise<readonly string[]> =>
  source.orphans === undefined ? [] : (await must(source.orphans())).map(({ kind, id }) => `${kind} ${id}`).toSorted()

/** Checks of creating images, uploading and downloading. */
export const BYTE_CHECKS: readonly Check[] = [
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
  {
    name: 'upload makes an image available, with its size and the declared digests',
    promises: ['upload'],
    needs: ['create', 'upload'],
    writes: true,
    run: async (source, context) => {
      const { ref } = await created(source, context)
      const sent: number[] = []
      const image = await must(
        perform(source, 'upload', ref.id, createByteSource(SAMPLE_BYTES), { onProgress: (bytes) => sent.push(bytes) }),
      )
      assert.deepEqual(
        sent,
        sent.toSorted((one, other) => one - other),
        'progress never decreases',
      )
      assert.ok((sent.at(-1) ?? 0) <= SAMPLE_BYTES.length, 'no more is sent than there is')
      assert.deepEqual(
        { status: image.status, stored: image.size.stored },
        { status: 'available', stored: SAMPLE_BYTES.length },
      )
      for (const algorithm of source.capabilities.digests) {
        const digest = image.digests.find(
          (one) => one.algorithm === algorithm && one.of === 'stored' && one.assertedBy === 'provider',
        )
        assert.equal(digest?.value, createHash(algorithm).update(SAMPLE_BYTES).digest('hex'), algorithm)
      }
    },
  },
  {
    name: 'a second upload is a Conflict',
    promises: ['upload-once'],
    needs: ['create', 'upload'],
    writes: true,
    run: async (source, context) => {
      const { ref } = await created(source, context)
      await must(perform(source, 'upload', ref.id, createByteSource(SAMPLE_BYTES)))
      await mustFail(source, 'Conflict', perform(source, 'upload', ref.id, createByteSource(SAMPLE_BYTES.subarray(1))))
      assert.equal((await must(source.get(ref.id))).size.stored, SAMPLE_BYTES.length)
    },
  },
  {
    name: 'an upload of a wrong length, or one that is interrupted, does not make the image available',
    promises: ['upload', 'upload-size', 'upload-failure'],
    needs: ['create', 'upload'],
    writes: true,
    run: async (source, context) => {
      const bytes = createByteSource(SAMPLE_BYTES)
      const short = await created(source, context)
      await mustFail(
        source,
        'IntegrityFailed',
        perform(source, 'upload', short.ref.id, { ...bytes, size: SAMPLE_BYTES.length + 1 }),
      )
      assert.notEqual((await must(source.get(short.ref.id))).status, 'available')

      const broken = await created(source, context)
      const failure = await mustFail(source, 'NotFound', source.get(NO_SUCH_ID))
      const given = await perform(source, 'upload', broken.ref.id, createBrokenSource(failure))()
      assert.ok(given._tag === 'Left', 'an upload of bytes that break off fails')
      assert.deepEqual(given.left, failure, 'the failure of the bytes is given as it is')
      assert.notEqual((await must(source.get(broken.ref.id))).status, 'available')
    },
  },
  {
    name: 'download returns the stored bytes, or any range, repeatedly',
    promises: ['download', 'download-digests'],
    needs: ['create', 'upload', 'download'],
    writes: true,
    run: async (source, context) => {
      const { ref } = await created(source, context)
      await must(perform(source, 'upload', ref.id, createByteSource(SAMPLE_BYTES)))
      const bytes = await must(perform(source, 'download', ref.id))
      const { digests } = await must(source.get(ref.id))
      assert.ok(bytes.size === null || bytes.size === SAMPLE_BYTES.length, `size ${bytes.size}`)
      const ranges: readonly ByteRange[] = [
        { start: 0, end: 1 },
        { start: 65_530, end: 65_550 },
        { start: 69_999, end: null },
        { start: 10, end: 10 ** 9 },
      ]
      for (const range of ranges)
        assert.ok(
          (await read(bytes, range)).equals(SAMPLE_BYTES.subarray(range.start, range.end ?? undefined)),
          JSON.stringify(range),
        )
      for (const _ of ['once', 'again']) assert.ok((await read(bytes)).equals(SAMPLE_BYTES))
      const known = digests.filter(({ of, algorithm }) => of === 'stored' && getHashes().includes(algorithm))
      for (const { algorithm, value } of known)
        assert.equal(
          createHash(algorithm)
            .update(await read(bytes))
            .digest('hex'),
          value,
          `${algorithm} of the bytes is that of the image`,
        )
      await mustFail(source, 'Rejected', bytes.open({ start: SAMPLE_BYTES.length + 1, end: null }))
    },
  },
  {
    name: 'download of an image without data is a Conflict',
    promises: ['no-data'],
    needs: ['create', 'download'],
    writes: true,
    run: async (source, context) => {
      const { ref } = await created(source, context)
      await mustFail(source, 'Conflict', perform(source, 'download', ref.id))
    },
  },
  {
    name: 'createFromBytes creates an image with the bytes',
    promises: ['byte-image-disk', 'byte-image-raw', 'byte-image'],
    needs: ['createFromBytes'],
    uses: 'disk',
    writes: true,
    run: async (source, context) => {
      const bytes = await context.disk()
      const sent: number[] = []
      const { image, verified } = await must(
        perform(source, 'createFromBytes', NEW_IMAGE, createByteSource(bytes), {
          run: 'imago-suite',
          onProgress: (count) => sent.push(count),
        }),
      )
      context.deleteLater(image.ref.id)
      assert.ok(Image.is(image), 'it is an Image')
      assert.equal(image.status, 'available')
      assert.ok(LEVELS.has(verified), `no level: ${verified}`)
      assert.deepEqual(
        sent,
        sent.toSorted((one, other) => one - other),
        'progress never decreases',
      )
      assert.equal((await must(source.get(image.ref.id))).status, 'available')
      if (source.download !== undefined) {
        const held = await read(await must(source.download(image.ref.id)), { start: 0, end: bytes.length })
        assert.ok(held.equals(bytes), 'the image holds other bytes than were given')
      }
    },
  },
  {
    name: 'an interrupted createFromBytes leaves nothing behind',
    promises: ['byte-image-failure'],
    needs: ['createFromBytes'],
    uses: 'disk',
    writes: true,
    run: async (source) => {
      const [before, leftBefore] = [await listed(source), await leftBehind(source)]
      const failure = await mustFail(source, 'NotFound', source.get(NO_SUCH_ID))
      const given = await perform(source, 'createFromBytes', NEW_IMAGE, createBrokenSource(failure), {
        run: 'imago-suite',
        virtualSize: SAMPLE_BYTES.length,
      })()
      assert.equal(given._tag, 'Left', 'it cannot be created from bytes that end early')
      assert.deepEqual(await listed(source), before, 'the images are those from before')
      assert.deepEqual(await leftBehind(source), leftBefore, 'nothing is left behind')
    },
  },
  {
    name: 'estimate returns the requirements and costs of work, and changes nothing',
    promises: ['estimate', 'estimate-changes-nothing'],
    needs: ['estimate'],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const [before, leftBefore] = [await listed(source), await leftBehind(source)]
        for (const kind of ['createFromBytes', 'download'] as const) {
          const { resources, once, monthly } = await must(
            perform(source, 'estimate', { kind, architecture: 'x86_64', virtualSize: 2 ** 30, bytes: 2 ** 20 }),
          )
          assert.ok(resources.length > 0 && resources.every((resource) => resource !== ''), `${kind} needs something`)
          for (const cost of [once, monthly])
            assert.ok(
              cost === null || (/^\d+(?:\.\d+)?$/.test(cost.amount) && cost.currency !== ''),
              `no amount: ${JSON.stringify(cost)}`,
            )
        }
        assert.deepEqual(await listed(source), before)
        assert.deepEqual(await leftBehind(source), leftBefore)
      }),
  },
  {
    name: 'uploadLimits returns plausible quotas, stores and formats, and changes nothing',
    promises: ['upload-limits', 'upload-limits-change-nothing'],
    needs: ['uploadLimits'],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const before = await listed(source)
        const { bytes, images, uploads, stores, diskFormats, containerFormats, nameLength, tagLength, properties } =
          await must(perform(source, 'uploadLimits'))
        for (const quota of [bytes, images, uploads]) {
          if (quota === null) continue
          assert.ok(
            isCount(quota.used) &&
              (quota.limit === null || isCount(quota.limit)) &&
              isCount(quota.unit) &&
              quota.unit > 0,
            `no quota: ${JSON.stringify(quota)}`,
          )
        }
        const ids = (stores ?? []).map(({ id }) => id)
        assert.ok(
          ids.every((id) => id !== '') && new Set(ids).size === ids.length,
          `each store once, by its id: ${ids.join(', ')}`,
        )
        assert.ok((stores ?? []).filter(({ isDefault }) => isDefault).length <= 1, 'one store is the default')
        for (const formats of [diskFormats, containerFormats])
          assert.ok(
            formats === null || (formats.length > 0 && formats.every((format) => format !== '')),
            `no formats: ${JSON.stringify(formats)}`,
          )
        const lengths = [nameLength, tagLength, ...Object.values(properties ?? {}).map(({ maxLength }) => maxLength)]
        assert.ok(
          lengths.every((length) => length === null || isCount(length)),
          `no lengths: ${lengths.join(', ')}`,
        )
        assert.deepEqual(await listed(source), before)
      }),
  },
  {
    name: 'lists the orphaned resources of a run, and deletes them',
    promises: ['orphans', 'orphans-running', 'delete-orphan'],
    needs: ['orphans', 'deleteOrphan'],
    uses: 'orphan',
    writes: true,
    run: async (source, context) => {
      const { kind, id, run } = await context.orphan()
      const find = async (): Promise<OrphanedResource | undefined> =>
        (await must(perform(source, 'orphans'))).find((one) => one.kind === kind && one.id === id)
      const found = await find()
      assert.ok(found !== undefined, `${kind} ${id} of run ${run} is not listed as orphaned`)
      assert.equal(found.run, run)
      assert.ok(found.createdAt === null || Instant.is(found.createdAt), `no instant: ${found.createdAt}`)
      await must(perform(source, 'deleteOrphan', found))
      assert.equal(await find(), undefined, 'it is still there')
      await must(perform(source, 'deleteOrphan', found))
    },
  },
]
