import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { find } from '@imago/core'
import { listAll, perform, createErrorSite, waitFor, type ImageSource, type Operation } from '@imago/core/provider'
import { createTransport, systemTiming } from '@imago/http'
import { createHetznerSimulator, type HetznerSimulator } from '@imago/simulator'
import { createHetznerSource } from '../src/index.ts'
import { errorOf, valueOf } from './local-api.ts'

const transport = createTransport()
let simulator: HetznerSimulator

beforeEach(async () => {
  simulator = await createHetznerSimulator({ actionMs: 60 })
})
afterEach(() => simulator.close())

const sourceOf = (token: string): ImageSource =>
  createHetznerSource({
    name: 'prod',
    endpoint: simulator.url,
    token,
    connection: { transport: transport.client, userAgent: 'imago/test', timing: systemTiming },
  })
const source = (): ImageSource => sourceOf(simulator.token)
/** The ID of a server with backups. */
const serverIn = async (one: ImageSource): Promise<string> => {
  const { items } = await valueOf(listAll(one, { kind: 'backup' }))
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
    expect(await errorOf(find(source(), { name: 'debian-12' }))).toMatchObject({
      _tag: 'Ambiguous',
      candidates: [{ architecture: 'x86_64' }, { architecture: 'aarch64' }],
    })
    expect(await valueOf(find(source(), { name: 'debian-12', architecture: 'aarch64' }))).toMatchObject({
      name: 'debian-12',
      architecture: 'aarch64',
      kind: 'system',
    })
  })

  it('finds an image by a label', async () => {
    expect(await valueOf(find(source(), { query: { labels: { 'example.test/build': '2026.08' } } }))).toMatchObject({
      description: 'golden web image',
    })
    expect(await errorOf(find(source(), { query: { labels: { role: 'web' } } }))).toMatchObject({ _tag: 'Ambiguous' })
    expect(await valueOf(find(source(), { query: { labels: { nightly: '' } } }))).toMatchObject({
      description: 'ci runner',
    })
  })

  it('finds an image without a name by its description', async () => {
    expect(await valueOf(find(source(), { idOrName: 'db before the upgrade' }))).toMatchObject({
      kind: 'snapshot',
      protected: true,
    })
    expect(await valueOf(find(source(), { query: { description: 'ci runner' } }))).toMatchObject({
      labels: { role: 'ci', nightly: '' },
    })
  })

  it('finds deprecated images', async () => {
    const { items } = await valueOf(listAll(source(), { deprecated: true }))
    expect(items.length).toBeGreaterThan(0)
    expect(await valueOf(source().get(items[0]?.ref.id ?? ''))).toMatchObject({ deprecatedAt: items[0]?.deprecatedAt })
  })
})

it('update converts a backup to a snapshot and keeps its other fields', async () => {
  const [backup] = (await valueOf(listAll(source(), { kind: 'backup' }))).items
  const after = await valueOf(perform(source(), 'update', backup?.ref.id ?? '', { kind: 'snapshot' }))
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
    const { image, operation } = await valueOf(
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
    await valueOf(awaited(one, operation, ({ progress }) => void seen.push(progress)))
    expect(seen.at(-1)).toBe(1)
    expect(seen).toEqual(seen.toSorted((a, b) => Number(a) - Number(b)))
    expect(await valueOf(one.get(image.ref.id))).toMatchObject({ status: 'available' })
    expect(await valueOf(perform(one, 'operations', image.ref.id))).toMatchObject([
      { id: operation.id, kind: 'create_image' },
    ])
  })

  it('returns the error of the failed action', async () => {
    const one = source()
    simulator.projects[0]?.failNextAction('create_image')
    const { operation } = await valueOf(perform(one, 'createFromServer', { serverId: await serverIn(one) }))
    const error = await errorOf(awaited(one, operation))
    expect(error._tag).toBe('Rejected')
    expect(error.what).toMatch(/\(action_failed\)$/)
  })
})

it('a project lists public images and its own', async () => {
  const idsOf = async (token: string, visibility: 'public' | 'private') =>
    (await valueOf(listAll(sourceOf(token), { visibility }))).items.map(({ ref }) => ref.id)
  const [production, staging] = simulator.projects
  expect(await idsOf(staging?.token ?? '', 'public')).toEqual(await idsOf(production?.token ?? '', 'public'))
  const own = await idsOf(production?.token ?? '', 'private')
  expect(own.length).toBeGreaterThan(0)
  const others = await idsOf(staging?.token ?? '', 'private')
  expect(others.filter((id) => own.includes(id))).toEqual([])
  expect(await errorOf(sourceOf(staging?.token ?? '').get(own[0] ?? ''))).toMatchObject({
    _tag: 'NotFound',
    hint: 'Check the ID, and that the token belongs to the right project',
  })
})

it('a wrong token and a mistyped endpoint have different errors', async () => {
  expect(await errorOf(sourceOf('x'.repeat(64)).listPage({}, null))).toMatchObject({ _tag: 'Unauthorized' })
  const mistyped = createHetznerSource({
    name: 'prod',
    endpoint: simulator.url.replace('/v1', ''),
    token: simulator.token,
    connection: { transport: transport.client, userAgent: 'imago/test', timing: systemTiming },
  })
  expect(await errorOf(mistyped.get('1'))).toMatchObject({ _tag: 'ConfigInvalid', what: 'api route not found' })
})
