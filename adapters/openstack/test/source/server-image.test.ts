import { createErrorSite, perform, waitFor, type ImageError, type ServerImage } from '@imago/core/provider'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { createOpenstackSource } from '../../src/index.ts'
import { recordedAnswer, recordedStates, type ImageState } from '../compute-recordings.ts'
import { getValue } from '../cloud.ts'
import { getError } from '../get-error.ts'
import { localGlance, type Scripted, type Seen } from '../local-glance.ts'

const SERVER = '9a2b8b81-c4d4-4df7-9e19-813b015b3c38'

const isAction = ({ url }: Seen): boolean => url.endsWith('/action')
const isRecord = ({ url }: Seen): boolean => /^\/v2\/images\/[^/?]+$/.test(url)

/** A cloud with a Glance that returns these states in order and repeats the last one. */
const cloudWith = async (states: readonly ImageState[], created: Scripted) => {
  let next = 0
  const { seen, options } = await localGlance((request) => {
    if (isAction(request)) return created
    if (!isRecord(request)) return { status: 404, body: {} }
    const state = states[Math.min(next++, states.length - 1)]
    return state?.image == null ? { status: 404, body: '404 Not Found' } : { body: state.image }
  })
  return { seen, source: createOpenstackSource(options) }
}

const imageIdIn = (states: readonly ImageState[]): string => String(states[0]?.image?.['id'])
const createdBy = (states: readonly ImageState[]): Scripted => ({ status: 202, body: { image_id: imageIdIn(states) } })

const ended = async (
  { source }: Awaited<ReturnType<typeof cloudWith>>,
  { operation }: ServerImage,
): Promise<E.Either<ImageError, unknown>> => {
  let now = 0
  return waitFor(createErrorSite(source.cloud, 'wait'), perform(source, 'operation', operation.id), {
    intervalMs: 100,
    deadlineMs: 60_000,
    clock: () => now,
    sleep: async (ms) => void (now += ms),
  })()
}

describe('createFromServer', () => {
  it('returns a pending image, and an operation that succeeds when the image is active', async () => {
    const states = recordedStates('web-2-snap')
    const cloud = await cloudWith(states, createdBy(states))
    const made = await getValue(perform(cloud.source, 'createFromServer', { serverId: SERVER, name: 'web-2-snap' }))
    expect(made.image.status).toBe('pending')
    expect(made.operation).toMatchObject({ kind: 'createImage', status: 'running' })
    expect(await ended(cloud, made)).toMatchObject(E.right({ id: made.operation.id, status: 'success' }))
  })

  it.each(['fails-before-upload', 'fails-in-upload'])(
    'returns an operation that fails when Nova deletes the image: %s',
    async (name) => {
      const states = recordedStates(name)
      const cloud = await cloudWith(states, createdBy(states))
      const made = await getValue(perform(cloud.source, 'createFromServer', { serverId: SERVER, name }))
      expect(await ended(cloud, made)).toMatchObject(
        E.left({
          _tag: 'Rejected',
          what: 'the snapshot failed: Nova has deleted its image',
        }),
      )
    },
  )

  it('returns an operation that fails while Glance deletes the record, which then has no properties', async () => {
    const [first] = recordedStates('fails-before-upload')
    const { id, name } = first?.image ?? {}
    const states = [first, { http: 200, image: { id, name, status: 'deleted' } }].flatMap((state) => state ?? [])
    const cloud = await cloudWith(states, createdBy(states))
    const made = await getValue(perform(cloud.source, 'createFromServer', { serverId: SERVER, name: 'fails' }))
    expect(await ended(cloud, made)).toMatchObject(
      E.left({ _tag: 'Rejected', what: 'the snapshot failed: Nova has deleted its image' }),
    )
  })

  it('fails if the image is deleted before it can be read', async () => {
    const states = recordedStates('fails-before-upload')
    const { source } = await cloudWith(states.slice(-1), createdBy(states))
    const error = await getError(perform(source, 'createFromServer', { serverId: SERVER, name: 'fails' }))
    expect(error).toMatchObject({
      _tag: 'Rejected',
      operation: 'createFromServer',
      what: 'the snapshot failed: Nova has deleted its image',
    })
  })

  it('returns an available image at once for a server that boots from a volume', async () => {
    const states = recordedStates('vol-1-snap')
    const cloud = await cloudWith(states, createdBy(states))
    const made = await getValue(perform(cloud.source, 'createFromServer', { serverId: SERVER, name: 'vol-1-snap' }))
    expect(made.image.status).toBe('available')
    expect(made.operation.status).toBe('success')
  })

  it('reads the ID from Location, as sent below microversion 2.45', async () => {
    const states = recordedStates('web-2-snap')
    const { headers } = recordedAnswer('nova-createImage-2.1')
    const { source } = await cloudWith(states, { status: 202, headers: { location: headers['Location'] ?? '' } })
    const { image } = await getValue(perform(source, 'createFromServer', { serverId: SERVER, name: 'web-2-snap' }))
    expect(image.ref.id).toBe(imageIdIn(states))
  })
})

describe('operations', () => {
  it('lists a running snapshot with the ID from createFromServer', async () => {
    const states = recordedStates('web-2-snap')
    const { source } = await cloudWith(states, createdBy(states))
    const { image, operation } = await getValue(
      perform(source, 'createFromServer', { serverId: SERVER, name: 'web-2-snap' }),
    )
    const listed = await getValue(perform(source, 'operations', image.ref.id))
    expect(listed.map(({ id }) => id)).toEqual([operation.id])
  })
})
