import assert from 'node:assert/strict'
import { createHash, getHashes } from 'node:crypto'
import {
  createByteSource,
  Image,
  ImageException,
  perform,
  type ByteRange,
  type ByteSource,
  type ImageError,
} from '@imago/core/provider'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { must, mustFail, NO_SUCH_ID, read, type Check } from './check.ts'
import { created, NEW_IMAGE, SAMPLE_BYTES } from './new-image.ts'
import { listImageIds, listOrphanIds } from './list-ids.ts'

/** Creates bytes that end early with this error. */
const createBrokenSource = (failure: ImageError): ByteSource => {
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield SAMPLE_BYTES
    throw new ImageException(failure)
  }
  return { size: null, open: () => TE.fromIO(breaking) }
}

const LEVELS: ReadonlySet<string> = new Set(['digest-match', 'digest-declared', 'size-match', 'unverified'])

/** Checks of uploading, downloading, and creating images from bytes. */
export const BYTE_CHECKS: readonly Check[] = [
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
      assert.ok(LEVELS.has(verified), `unknown verification level: ${verified}`)
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
      const [before, leftBefore] = [await listImageIds(source), await listOrphanIds(source)]
      const failure = await mustFail(source, 'NotFound', source.get(NO_SUCH_ID))
      const given = await perform(source, 'createFromBytes', NEW_IMAGE, createBrokenSource(failure), {
        run: 'imago-suite',
        virtualSize: SAMPLE_BYTES.length,
      })()
      assert.equal(given._tag, 'Left', 'it cannot be created from bytes that end early')
      assert.deepEqual(await listImageIds(source), before, 'the images are those from before')
      assert.deepEqual(await listOrphanIds(source), leftBefore, 'nothing is left behind')
    },
  },
]
