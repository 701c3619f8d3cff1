import { describe, expect, it } from '@jest/globals'
import type { InterceptedRequest } from '@imago/http'
import { getError, getValue } from '../local-api.ts'
import { createWritingSource, listBodies, serveImage, SNAPSHOT } from './writing-api.ts'

describe('update', () => {
  it('sends all labels, because the API replaces them', async () => {
    const api = await serveImage(SNAPSHOT)
    const { labels } = await getValue(
      createWritingSource(api).update('7', { labels: { env: 'prod', role: null, absent: null } }),
    )
    expect(labels).toEqual({ keep: '', env: 'prod' })
    expect(listBodies(api)).toEqual([{ labels: { keep: '', env: 'prod' } }])
  })

  it('sends only the given fields', async () => {
    const api = await serveImage({ ...SNAPSHOT, type: 'backup' })
    expect(await getValue(createWritingSource(api).update('7', { kind: 'snapshot' }))).toMatchObject({
      kind: 'snapshot',
      description: 'golden',
      labels: { role: 'web', keep: '' },
    })
    expect(listBodies(api)).toEqual([{ type: 'snapshot' }])
    expect(await getValue(createWritingSource(api).update('7', { description: '' }))).toMatchObject({ description: '' })
    expect(listBodies(api)[1]).toEqual({ description: '' })
  })

  it('only reads if nothing changes', async () => {
    const api = await serveImage(SNAPSHOT)
    for (const changes of [
      {},
      { kind: 'snapshot' },
      { description: 'golden' },
      { labels: {} },
      { labels: { role: 'web', gone: null } },
    ] as const) {
      expect(await getValue(createWritingSource(api).update('7', changes))).toMatchObject({ description: 'golden' })
    }
    expect(api.requests()).toEqual(Array(5).fill('GET /images/7'))
  })

  it('keeps labels that users cannot set', async () => {
    const api = await serveImage({ ...SNAPSHOT, labels: { 'hetzner.cloud/own': '1' } })
    expect((await getValue(createWritingSource(api).update('7', { labels: { a: '1' } }))).labels).toEqual({
      'hetzner.cloud/own': '1',
      a: '1',
    })
  })

  it('rejects unsupported fields and invalid labels without a request', async () => {
    const api = await serveImage(SNAPSHOT)
    for (const field of ['name', 'tags', 'properties', 'minDisk', 'minRam']) {
      expect(await getError(createWritingSource(api).update('7', { [field]: 'x', description: 'y' }))).toMatchObject({
        _tag: 'Unsupported',
        capability: 'update',
        what: `Hetzner cannot change the ${field} of an image`,
      })
    }
    expect(await getError(createWritingSource(api).update('7', { labels: { 'a b': '1' } }))).toMatchObject({
      _tag: 'Rejected',
      operation: 'update',
    })
    expect(await getError(createWritingSource(api).update('7', { labels: { 'hetzner.cloud/x': '1' } }))).toMatchObject({
      _tag: 'Rejected',
    })
    expect(api.asked.length).toBe(0)
    // Removing an invalid label is allowed.
    await getValue(createWritingSource(api).update('7', { labels: { 'a b': null } }))
  })
})

describe('update and delete in a dry run', () => {
  it('intercepts changing requests and does not send them', async () => {
    const api = await serveImage(SNAPSHOT)
    const intercepted: InterceptedRequest[] = []
    const source = createWritingSource(api, { intercept: (request) => void intercepted.push(request) })
    expect(await getError(source.update('7', { labels: { a: '1' } }))).toMatchObject({
      _tag: 'Aborted',
      what: 'not sent: this is a dry run',
    })
    expect(await getError(source.delete('7'))).toMatchObject({ _tag: 'Aborted' })
    await getValue(source.probe())
    expect(intercepted).toEqual([
      {
        method: 'PUT',
        url: `${api.url}/images/7`,
        headers: expect.any(Object),
        body: { json: { labels: { role: 'web', keep: '', a: '1' } } },
      },
      { method: 'DELETE', url: `${api.url}/images/7`, headers: expect.any(Object), body: null },
    ])
    expect(JSON.stringify(intercepted)).not.toMatch(/bearer/i)
    expect(api.asked.every(({ method }) => method === 'GET')).toBe(true)
  })
})
