import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createOpenstackSimulator, type OpenstackSimulator } from '@imago/simulator'
import { readFileSync } from 'node:fs'
import { logIn } from './client.ts'
import { toShape } from './recorded.ts'

type WireRecord = Readonly<Record<string, unknown>>

const recordedBody = (name: string): WireRecord =>
  (
    JSON.parse(
      readFileSync(new URL(`../../../../schemas/openstack/fixtures/compute/zed/${name}.json`, import.meta.url), 'utf8'),
    ) as { readonly response: { readonly body: WireRecord } }
  ).response.body

let simulator: OpenstackSimulator

beforeAll(async () => {
  simulator = await createOpenstackSimulator()
})
afterAll(() => simulator.close())

const ask = async (path: string, user = 'demo'): Promise<{ readonly status: number; readonly body: WireRecord }> => {
  const token = user === 'nobody' ? 'none' : await logIn(simulator, user)
  const answer = await fetch(`${simulator.url}/volume/v3${path}`, { headers: { 'x-auth-token': token } })
  return { status: answer.status, body: (await answer.json()) as WireRecord }
}

const volumesAt = async (path: string, user?: string): Promise<readonly WireRecord[]> =>
  (await ask(path, user)).body['volumes'] as readonly WireRecord[]

const project = (): string => simulator.projects.find(({ name }) => name === 'demo')?.id ?? ''

describe('Cinder', () => {
  it('returns volumes in the recorded shape', async () => {
    const [recorded] = recordedBody('cinder-volumes-detail-3.0')['volumes'] as readonly WireRecord[]
    const [volume] = await volumesAt('/volumes/detail')
    const shape = (one: WireRecord | undefined): unknown => {
      const { volume_image_metadata: _, ...rest } = one ?? {}
      return toShape(rest)
    }
    expect(shape(volume)).toEqual(shape(recorded))
    expect(Object.keys(recorded?.['volume_image_metadata'] as WireRecord)).toEqual(
      expect.arrayContaining(Object.keys(volume?.['volume_image_metadata'] as WireRecord)),
    )
  })

  it('returns only the volumes of the project, by either path', async () => {
    const names = (await volumesAt('/volumes/detail')).map(({ name }) => name)
    expect(names).toEqual(['', 'data-1', 'restored', 'scratch'])
    expect((await volumesAt(`/${project()}/volumes/detail`)).map(({ name }) => name)).toEqual(names)
    expect((await volumesAt('/volumes/detail', 'other')).map(({ name }) => name)).toEqual(['other-data'])
  })

  it('ignores all_tenants without the role admin', async () => {
    expect(await volumesAt('/volumes/detail?all_tenants=1')).toHaveLength(4)
    expect(await volumesAt('/volumes/detail?all_tenants=1', 'admin')).toHaveLength(5)
  })

  it('links the next page with the last volume as marker', async () => {
    const { body } = await ask('/volumes/detail?limit=3')
    const [link] = body['volumes_links'] as readonly WireRecord[]
    const next = new URL(String(link?.['href']))
    expect((await volumesAt(next.pathname.replace('/volume/v3', '') + next.search)).map(({ name }) => name)).toEqual([
      'scratch',
    ])
  })

  it.each([
    { path: '/volumes/detail', user: 'nobody', status: 401, body: recordedBody('cinder-401') },
    {
      path: '/volumes/no-such-volume',
      user: 'demo',
      status: 404,
      body: { itemNotFound: { code: 404, message: 'Volume no-such-volume could not be found.' } },
    },
  ])('refuses $path to $user with $status', async ({ path, user, status, body }) => {
    expect(await ask(path, user)).toEqual({ status, body })
  })
})
