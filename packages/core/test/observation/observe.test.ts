import { createMemorySource } from '@imago/testkit'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { forbidden, createErrorSite, unavailable, type ImageError } from '../../src/error/image-error.ts'
import type { CloudObservation } from '../../src/observation/observation.ts'
import { observe } from '../../src/observation/observe.ts'
import { usageState } from '../../src/observation/usage-state.ts'
import type { ImageSource } from '../../src/source/source.ts'
import { createImage, createPage, createSource } from '../paged-source.ts'
import * as E from 'fp-ts/lib/Either.js'

const AT = '2026-11-30T00:00:00Z'

const IMAGES = ['base', 'spare'].map((id) => createImage(id, { visibility: 'private', kind: 'snapshot' }))

const memory = (cloud = 'one', project?: string): ImageSource =>
  createMemorySource({
    cloud: { provider: 'memory', cloud, region: null },
    images: IMAGES,
    users: [{ image: 'base', by: { kind: 'server', id: 's-1', name: 'web-1' }, dependsOn: false }],
    ...(project === undefined ? {} : { project }),
  })

const observed = async (source: ImageSource): Promise<CloudObservation> => {
  const { clouds } = await observe([source], { at: AT })()
  return clouds[0] as CloudObservation
}

const states = (cloud: CloudObservation): readonly string[] =>
  cloud.images.items.map((image) => usageState(image, cloud).state)

const failure = (source: ImageSource, operation: string): ImageError =>
  unavailable(createErrorSite(source.cloud, operation), { what: 'the server does not answer' })

describe('observe', () => {
  it('reads images, usage and prices of each cloud, in the order of the sources', async () => {
    const { at, clouds } = await observe([memory('one'), memory('two')], { at: AT })()
    expect(at).toBe(AT)
    expect(clouds.map(({ cloud }) => cloud.cloud)).toEqual(['one', 'two'])
    expect(clouds.map(states)).toEqual([
      ['used', 'unused'],
      ['used', 'unused'],
    ])
    expect(clouds.map(({ prices }) => prices.prices?.currency)).toEqual(['EUR', 'EUR'])
  })

  it('lists the images of a cloud once, also for its usage', async () => {
    const { source, asked } = createSource(() => E.right(createPage(IMAGES, null)), {
      usage: ({ listing } = {}) =>
        listing === undefined
          ? TE.left(failure(source, 'usage'))
          : TE.map(() => ({ edges: [], sources: [], view: { kind: 'everyone' as const } }))(listing),
    })
    await observe([source], { at: AT })()
    expect(asked).toEqual([null])
  })

  it('keeps the other parts when one fails', async () => {
    const source = memory()
    const cloud = await observed({ ...source, prices: () => TE.left(failure(source, 'prices')) })
    expect(cloud.prices).toEqual({
      completeness: 'failed',
      reason: expect.stringContaining('the server does not answer'),
      prices: null,
    })
    expect(states(cloud)).toEqual(['used', 'unused'])
  })

  it('keeps the other clouds when one fails', async () => {
    const source = memory('down')
    const down = { ...source, listPage: () => TE.left(failure(source, 'listPage')) }
    const { clouds } = await observe([down, memory('up')], { at: AT, concurrency: 1 })()
    expect(clouds.map(({ images }) => images.completeness)).toEqual(['failed', 'read'])
  })

  it('reports usage that the credentials may not read as forbidden, and the state of its images as unknown', async () => {
    const source = memory()
    const refused = forbidden(createErrorSite(source.cloud, 'usage'), { what: 'not allowed', reason: 'policy' })
    const cloud = await observed({ ...source, usage: () => TE.left(refused) })
    expect(cloud.usage.sources.map(({ completeness }) => completeness)).toEqual(['forbidden'])
    expect(states(cloud)).toEqual(['unknown', 'unknown'])
  })

  it('reports a source without the methods as unsupported', async () => {
    const { source } = createSource(() => E.right(createPage(IMAGES, null)))
    const cloud = await observed(source)
    expect(cloud.usage.sources.map(({ completeness }) => completeness)).toEqual(['unsupported'])
    expect(cloud.prices.completeness).toBe('unsupported')
    expect(states(cloud)).toEqual(['unknown', 'unknown'])
  })

  it('reports a listing with unreadable records as failed, and keeps the others', async () => {
    const rejected = [{ pointer: '/images/0', issues: [], raw: {} }] as never
    const { source } = createSource(() => E.right({ ...createPage(IMAGES, null), rejected }))
    const { images } = await observed(source)
    expect(images.completeness).toBe('failed')
    expect(images.items).toHaveLength(2)
  })

  it('does not read omitted parts', async () => {
    const source = memory()
    const never = (): never => {
      throw new Error('asked')
    }
    const { clouds } = await observe([{ ...source, usage: never, prices: never }], { at: AT, parts: [] })()
    expect(clouds[0]?.prices).toMatchObject({ completeness: 'unsupported', reason: 'not requested' })
  })

  it('never reports an image as unused if a part of the cloud that can hold users was not read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('listPage', 'usage'), fc.boolean(), async (method, isForbidden) => {
        const source = memory()
        const error = isForbidden
          ? forbidden(createErrorSite(source.cloud, method), { what: 'no', reason: 'policy' })
          : failure(source, method)
        const cloud = await observed({ ...source, [method]: () => TE.left(error) })
        expect(
          IMAGES.map((image) => usageState({ ...image, ref: { ...image.ref, ...source.cloud } }, cloud).state),
        ).not.toContain('unused')
      }),
      { numRuns: 10 },
    )
  })

  it('reads at most concurrency clouds at the same time', async () => {
    let [running, most] = [0, 0]
    const slow = (name: string): ImageSource => {
      const source = memory(name)
      return {
        ...source,
        prices: () => async () => {
          most = Math.max(most, ++running)
          await new Promise((resolve) => setImmediate(resolve))
          running--
          return TE.left(failure(source, 'prices'))()
        },
      }
    }
    await observe(['a', 'b', 'c', 'd', 'e'].map(slow), { at: AT, concurrency: 2 })()
    expect(most).toBe(2)
  })
})
