import { describe, expect, it } from '@jest/globals'
import { errorBody, getError, getValue } from '../local-api.ts'
import { createWritingSource, listBodies, serveRoutes } from './writing-api.ts'

describe('createFromServer', () => {
  const image = {
    id: 8,
    type: 'snapshot',
    status: 'creating',
    name: null,
    image_size: null,
    created: '2026-11-22T19:00:00+00:00',
  }
  const action = {
    id: 13,
    command: 'create_image',
    status: 'running',
    progress: 20,
    started: '2026-11-22T19:00+00:00',
    finished: null,
    error: { code: 'action_failed', message: 'Action failed' },
  }

  it('returns the image and the operation', async () => {
    const api = await serveRoutes({ 'POST /servers/42/actions/create_image': { status: 201, json: { image, action } } })
    const made = await getValue(
      createWritingSource(api).createFromServer({
        serverId: '42',
        kind: 'backup',
        description: 'nightly',
        labels: { role: 'web' },
      }),
    )
    expect(made.image).toMatchObject({ status: 'pending', ref: { id: '8', cloud: 'prod' }, raw: image })
    expect(made.operation).toEqual({
      id: '13',
      kind: 'create_image',
      status: 'running',
      progress: 0.2,
      error: null,
      startedAt: '2026-11-22T19:00:00Z',
      finishedAt: null,
    })
    expect(listBodies(api)).toEqual([{ type: 'backup', description: 'nightly', labels: { role: 'web' } }])
  })

  it('sends only the given options', async () => {
    const api = await serveRoutes({ 'POST /servers/42/actions/create_image': { status: 201, json: { image, action } } })
    await getValue(createWritingSource(api).createFromServer({ serverId: '42' }))
    expect(listBodies(api)).toEqual([{}])
  })

  it('rejects a name, invalid labels and an invalid server ID without a request', async () => {
    const api = await serveRoutes({})
    expect(await getError(createWritingSource(api).createFromServer({ serverId: '42', name: 'x' }))).toMatchObject({
      _tag: 'Rejected',
      hint: 'Use a description or labels instead',
    })
    expect(
      await getError(createWritingSource(api).createFromServer({ serverId: '42', labels: { 'a b': '' } })),
    ).toMatchObject({
      _tag: 'Rejected',
    })
    expect(await getError(createWritingSource(api).createFromServer({ serverId: 'web-1' }))).toMatchObject({
      _tag: 'NotFound',
      what: 'server not found: web-1',
    })
    expect(api.asked.length).toBe(0)
    expect(await getError(createWritingSource(api).createFromServer({ serverId: '42' }))).toMatchObject({
      _tag: 'NotFound',
      what: 'server not found: 42',
      operation: 'createFromServer',
    })
  })

  it('warns that the image may exist after a lost response', async () => {
    const lost = await serveRoutes({
      'POST /servers/42/actions/create_image': { status: 503, json: errorBody('unavailable') },
    })
    expect(await getError(createWritingSource(lost).createFromServer({ serverId: '42' }))).toMatchObject({
      _tag: 'Unavailable',
      hint: 'The request may have been carried out: check before you retry',
    })
    expect(lost.asked.length).toBe(1)
    const silent = await serveRoutes({ 'POST /servers/42/actions/create_image': { status: 201, json: { image } } })
    expect(await getError(createWritingSource(silent).createFromServer({ serverId: '42' }))).toMatchObject({
      _tag: 'DecodeFailed',
      what: 'image 8 is being created, but the response contains no action',
    })
  })
})
