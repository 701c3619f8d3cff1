import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { bytesOf, ImageException, perform, type ByteRange, type ByteSource, type ImageSource, type NewImage } from '@imago/core'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { must, mustFail, NO_SUCH_ID, type Check } from './check.ts'
import { changeOf, CHANGES, created, NEW_IMAGE, SAMPLE_BYTES } from './new-image.ts'

const read = async (source: ByteSource, range?: ByteRange): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of await must(source.open(range))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A request of everything that an image of this source can say. */
const fullRequest = ({ capabilities: { changes, operations } }: ImageSource): NewImage => ({
  ...Object.assign({}, ...changes.filter((field) => field !== 'kind').map(changeOf)),
  ...(operations.includes('setVisibility') ? { visibility: 'private' } : {}),
  ...NEW_IMAGE,
})

/** The promises of making images, and of putting bytes in and getting them out. */
export const BYTE_CHECKS: readonly Check[] = [
  {
    name: 'create makes a pending image that shows what was asked for',
    needs: ['create'],
    writes: true,
    run: async (source, bench) => {
      const request = fullRequest(source)
      const made = await created(source, bench, request)
      for (const image of [made, await must(source.get(made.ref.id))]) {
        const { name, status, architecture, format } = image
        assert.deepEqual({ name, status, architecture, diskFormat: format.disk }, { ...NEW_IMAGE, status: 'pending' })
        if (request.visibility !== undefined) assert.equal(image.visibility, request.visibility)
        for (const field of source.capabilities.changes.filter((one) => one !== 'kind' && one !== 'name')) assert.deepEqual(CHANGES[field].shows(image), CHANGES[field].to, field)
      }
    },
  },
  {
    name: 'owner tells the owner of a new image',
    needs: ['owner', 'create'],
    writes: true,
    run: async (source, bench) => assert.equal((await created(source, bench)).owner, await must(perform(source, 'owner'))),
  },
  {
    name: 'upload makes an image available, with its size and the digests that are declared',
    needs: ['create', 'upload'],
    writes: true,
    run: async (source, bench) => {
      const { ref } = await created(source, bench)
      const sent: number[] = []
      const image = await must(perform(source, 'upload', ref.id, bytesOf(SAMPLE_BYTES), { onProgress: (bytes) => sent.push(bytes) }))
      assert.deepEqual(sent, sent.toSorted((one, other) => one - other), 'progress never decreases')
      assert.ok((sent.at(-1) ?? 0) <= SAMPLE_BYTES.length, 'no more is sent than there is')
      assert.deepEqual({ status: image.status, stored: image.size.stored }, { status: 'available', stored: SAMPLE_BYTES.length })
      for (const algorithm of source.capabilities.digests) {
        const digest = image.digests.find((one) => one.algorithm === algorithm && one.of === 'stored' && one.assertedBy === 'provider')
        assert.equal(digest?.value, createHash(algorithm).update(SAMPLE_BYTES).digest('hex'), algorithm)
      }
    },
  },
  {
    name: 'a second upload is a Conflict',
    needs: ['create', 'upload'],
    writes: true,
    run: async (source, bench) => {
      const { ref } = await created(source, bench)
      await must(perform(source, 'upload', ref.id, bytesOf(SAMPLE_BYTES)))
      await mustFail(source, 'Conflict', perform(source, 'upload', ref.id, bytesOf(SAMPLE_BYTES.subarray(1))))
      assert.equal((await must(source.get(ref.id))).size.stored, SAMPLE_BYTES.length)
    },
  },
  {
    name: 'an upload that is not as long as it says, or breaks off, leaves the image not available',
    needs: ['create', 'upload'],
    writes: true,
    run: async (source, bench) => {
      const bytes = bytesOf(SAMPLE_BYTES)
      const short = await created(source, bench)
      await mustFail(source, 'IntegrityFailed', perform(source, 'upload', short.ref.id, { ...bytes, size: SAMPLE_BYTES.length + 1 }))
      assert.notEqual((await must(source.get(short.ref.id))).status, 'available')

      const broken = await created(source, bench)
      const failure = await mustFail(source, 'NotFound', source.get(NO_SUCH_ID))
      async function* breaking(): AsyncGenerator<Uint8Array> {
        yield SAMPLE_BYTES
        throw new ImageException(failure)
      }
      await mustFail(source, 'NotFound', perform(source, 'upload', broken.ref.id, { size: null, open: () => TE.fromIO(breaking) }))
      assert.notEqual((await must(source.get(broken.ref.id))).status, 'available')
    },
  },
  {
    name: 'download gives the bytes as stored, any range of them, and again',
    needs: ['create', 'upload', 'download'],
    writes: true,
    run: async (source, bench) => {
      const { ref } = await created(source, bench)
      await must(perform(source, 'upload', ref.id, bytesOf(SAMPLE_BYTES)))
      const bytes = await must(perform(source, 'download', ref.id))
      assert.ok(bytes.size === null || bytes.size === SAMPLE_BYTES.length, `size ${bytes.size}`)
      const ranges: readonly ByteRange[] = [{ start: 0, end: 1 }, { start: 65_530, end: 65_550 }, { start: 69_999, end: null }, { start: 10, end: 10 ** 9 }]
      for (const range of ranges) assert.ok((await read(bytes, range)).equals(SAMPLE_BYTES.subarray(range.start, range.end ?? undefined)), JSON.stringify(range))
      for (const _ of ['once', 'again']) assert.ok((await read(bytes)).equals(SAMPLE_BYTES))
      await mustFail(source, 'Rejected', bytes.open({ start: SAMPLE_BYTES.length + 1, end: null }))
    },
  },
  {
    name: 'download of an image without data is a Conflict',
    needs: ['create', 'download'],
    writes: true,
    run: async (source, bench) => {
      const { ref } = await created(source, bench)
      await mustFail(source, 'Conflict', perform(source, 'download', ref.id))
    },
  },
]
