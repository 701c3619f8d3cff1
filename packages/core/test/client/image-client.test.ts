import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { toClient } from '../../src/client/image-client.ts'
import { forbidden, createErrorSite, unavailable, type ImageErrorTag } from '../../src/error/image-error.ts'
import { ImageException } from '../../src/error/image-exception.ts'
import { CLOUD, createImage, numbered, SITE, createSource } from '../paged-source.ts'

/** The tag of the ImageException that `work` throws. */
const catchTag = async (work: Promise<unknown>): Promise<ImageErrorTag> => {
  const thrown: unknown = await work.then(
    () => expect(work).rejects.toThrow(),
    (error: unknown) => error,
  )
  if (!ImageException.is(thrown)) throw thrown
  return thrown.error._tag
}

const images = [createImage('image-0'), createImage('image-1')]
const { source } = createSource(
  numbered(2),
  {
    update: (id, { name }) => TE.right(createImage(id, { name: name ?? null })),
    delete: () => TE.left(forbidden(createErrorSite(CLOUD, 'delete'), { what: 'no', reason: 'protected' })),
  },
  {},
  images,
)
const client = toClient(source)

describe('toClient', () => {
  it('returns the results of the source as promises', async () => {
    expect(await client.get('image-1')).toEqual(images[1])
    expect(await client.probe()).toEqual(source.capabilities)
    expect(await client.find({ idOrName: 'image-0' })).toEqual(images[0])
    expect((await client.listAll()).items).toEqual(images)
    expect(await client.update('image-1', { name: 'new' })).toMatchObject({ name: 'new' })
    expect(client.cloud).toEqual(source.cloud)
    expect(client.capabilities).toEqual(source.capabilities)
  })

  it('lists images and pages with for await', async () => {
    const ids: string[] = []
    const sizes: number[] = []
    for await (const image of client.list()) ids.push(image.ref.id)
    for await (const page of client.pages({}, { limit: 1 })) sizes.push(page.items.length)
    expect(ids).toEqual(['image-0', 'image-1'])
    expect(sizes).toEqual([1])
  })

  it('throws every error as an ImageException', async () => {
    expect(await catchTag(client.get('none'))).toBe('NotFound')
    expect(await catchTag(client.find({ name: 'none' }))).toBe('NotFound')
    expect(await catchTag(client.delete('image-0'))).toBe('Forbidden')
    expect(await catchTag(client.listAll({}, { signal: AbortSignal.abort() }))).toBe('Aborted')
  })

  it('throws Unsupported for methods that the source does not have', async () => {
    expect(
      await catchTag(
        client.upload('image-0', { size: 0, open: () => TE.left(unavailable(SITE, { what: 'never opened' })) }),
      ),
    ).toBe('Unsupported')
    expect(await catchTag(client.hide('image-0', true))).toBe('Unsupported')
  })

  it('throws the error of a failed page after the images before it', async () => {
    const failing = toClient(
      createSource((cursor, ...rest) =>
        cursor === '1' ? E.left(unavailable(SITE, { what: 'down' })) : numbered(3)(cursor, ...rest),
      ).source,
    )
    const ids: string[] = []
    const listing = (async () => {
      for await (const image of failing.list()) ids.push(image.ref.id)
    })()
    expect(await catchTag(listing)).toBe('Unavailable')
    expect(ids).toEqual(['image-0'])
  })

  it('stops the listing when the loop is left', async () => {
    const { source: long, asked } = createSource(numbered(9))
    for await (const _ of toClient(long).list()) break
    await new Promise((resolve) => setImmediate(resolve))
    expect(asked).toEqual([null, '1'])
  })
})
