import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { find } from '@imago/core'
import { listAll, perform, createErrorSite, waitFor, type ImageSource, type Operation } from '@imago/core/provider'
import { createTransport, systemTiming } from '@imago/http'
import { createHetznerSimulator, type HetznerSimulator } from '@imago/simulator'
import { createHetznerSource } from '../src/index.ts'
import { getError, getValue } from './local-api.ts'

const transport = createTransport()
let simulator: HetznerSimulator

beforeEach(async () => {
  simulator = await createHetznerSimulator({ actionMs: 60 })
})
afterEach(() => simulator.close())

const createTokenSource = (token: string): ImageSource =>
  createHetznerSource({
    name: 'prod',
    endpoint: simulator.url,
    token,
    connection: { transport: transport.client, userAgent: 'imago/test', timing: systemTiming },
  })
const source = (): ImageSource => createTokenSource(simulator.token)
/** The ID of a server with backups. */
const serverIn = async (one: ImageSource): Promise<string> => {
  const { items } = await getValue(listAll(one, { kind: 'backup' }))
  const origin = items.flatMap(({ origins }) => origins).find(({ relation }) => relation === 'bound-to')
  return origin?.id ?? ''
}
const awaited = (one: ImageSource, operation: Operation, onProgress?: (seen: Operation) => void) =>
  waitFor(createErrorSite(one.cloud, 'wait'), perform(one, 'operation', operation.id), {
    ...systemTiming,
    intervalMs: 10,
    deadlineMs: 10_000,
    onProgress,
  })

describe('find', () => {
  it('needs the architecture if images share a name', async () => {
    expect(await getError(find(source(), { name: 'debian-12' }))).toMatchObject({
      _tag: 'Ambiguous',
      candidates: [{ architecture: 'x86_64' }, { architecture: 'aarch64' }],
    })
    expect(await getValue(find(source(), { name: 'debian-12', architecture: 'aarch64' }))).toMatchObject({
      name: 'debian-12',
      architecture: 'aarch64',
      kind: 'system',
    })
  })

  it('finds an image by a label', async () => {
    expect(await getValue(find(source(), { query: { labels: { 'example.test/build': '2026.08' } } }))).toMatchObject({
      description: 'golden web image',
    })
    expect(await getError(find(source(), { query: { labels: { role: 'web' } } }))).toMatchObject({ _tag: 'Ambiguous' })
    expect(await getValue(find(source(), { query: { labels: { nightly: '' } } }))).toMatchObject({
      description: 'ci runner',
    })
  })

  it('finds an image without a name by its description', async () => {
    expect(await getValue(find(source(), { idOrName: 'db before the upgrade' }))).toMatchObject({
      kind: 'snapshot',
      protected: true,
    })
    expect(await getValue(find(source(), { query: { description: 'ci runner' } }))).toMatchObject({
      labels: { role: 'ci', nightly: '' },
    })
  })

  it('finds deprecated images', async () => {
    const { items } = await getValue(listAll(source(), { deprecated: true }))
    expect(items.length).toBeGreaterThan(0)
    expect(await getValue(source().get(items[0]?.ref.id ?? ''))).toMatchObject({ deprecatedAt: items[0]?.deprecatedAt })
  })
})

describe('the Hetzner source at the simulator', () => {
  it('update converts a backup to a snapshot and keeps its other fields', async () => {
    const [backup] = (await getValue(listAll(source(), { kind: 'backup' }))).items
    const after = await getValue(perform(source(), 'update', backup?.ref.id ?? '', { kind: 'snapshot' }))
    expect(after).toMatchObject({
      kind: 'snapshot',
      description: backup?.description,
      labels: backup?.labels,
      createdAt: backup?.createdAt,
    })
    expect(after.origins.map(({ relation }) => relation)).toEqual(['created-from'])
  })

  describe('createFromServer', () => {
    it('returns a pending image, whose operation reports progress', async () => {
      const one = source()
      const { image, operation } = await getValue(
        perform(one, 'createFromServer', {
          serverId: await serverIn(one),
          description: 'before the upgrade',
          labels: { role: 'web' },
        }),
      )
      expect(image).toMatchObject({
        status: 'pending',
        kind: 'snapshot',
        name: null,
        description: 'before the upgrade',
        labels: { role: 'web' },
      })
      const seen: (number | null)[] = []
      await getValue(awaited(one, operation, ({ progress }) => void seen.push(progress)))
      expect(seen.at(-1)).toBe(1)
      expect(seen).toEqual(seen.toSorted((a, b) => Number(a) - Number(b)))
      expect(await getValue(one.get(image.ref.id))).toMatchObject({ status: 'available' })
      expect(await getValue(perform(one, 'operations', image.ref.id))).toMatchObject([
        { id: operation.id, kind: 'create_image' },
      ])
    })

    it('returns the error of the failed action', async () => {
      const one = source()
      simulator.projects[0]?.failNextAction('create_image')
      const { operation } = await getValue(perform(one, 'createFromServer', { serverId: await serverIn(one) }))
      const error = await getError(awaited(one, operation))
      expect(error._tag).toBe('Rejected')
      expect(error.what).toMatch(/\(action_failed\)$/)
    })
  })

  it('a project lists public images and its own', async () => {
    const toIds = async (token: string, visibility: 'public' | 'private') =>
      (await getValue(listAll(createTokenSource(token), { visibility }))).items.map(({ ref }) => ref.id)
    const [production, staging] = simulator.projects
    expect(await toIds(staging?.token ?? '', 'public')).toEqual(await toIds(production?.token ?? '', 'public'))
    const own = await toIds(production?.token ?? '', 'private')
    expect(own.length).toBeGreaterThan(0)
    const others = await toIds(staging?.token ?? '', 'private')
    expect(others.filter((id) => own.includes(id))).toEqual([])
    expect(await getError(createTokenSource(staging?.token ?? '').get(own[0] ?? ''))).toMatchObject({
      _tag: 'NotFound',
      hint: 'Check the ID, and that the token belongs to the right project',
    })
  })

  it('a wrong token and a mistyped endpoint have different errors', async () => {
    expect(await getError(createTokenSource('x'.repeat(64)).listPage({}, null))).toMatchObject({ _tag: 'Unauthorized' })
    const mistyped = createHetznerSource({
      name: 'prod',
      endpoint: simulator.url.replace('/v1', ''),
      token: simulator.token,
      connection: { transport: transport.client, userAgent: 'imago/test', timing: systemTiming },
    })
    expect(await getError(mistyped.get('1'))).toMatchObject({ _tag: 'ConfigInvalid', what: 'api route not found' })
  })
})
