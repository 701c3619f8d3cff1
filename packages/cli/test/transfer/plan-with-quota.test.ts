import { describe, expect, it } from '@jest/globals'
import { perform, type Quota, type UploadLimits } from '@imago/core'
import { createMemorySource } from '@imago/testkit'
import {
  findBlockers,
  computeImageId,
  planTransfer,
  type TransferSource,
  type TransferTarget,
  type Plan,
} from '@imago/transfer'
import { createPlanner } from '../../src/transfer/plan-with-quota.ts'
import { memoryLive, openstackCloud, sourceAmong } from '../live.ts'

const UNTOLD: UploadLimits = {
  bytes: null,
  images: null,
  uploads: null,
  stores: null,
  diskFormats: null,
  containerFormats: null,
  nameLength: null,
  tagLength: null,
  properties: null,
  otherProperties: null,
}
const limit = (most: number): Quota => ({ used: 0, limit: most, unit: 1 })

const CLOUD = { provider: 'openstack', cloud: 'prod', region: null }
const file = (name: string, size = 1000): TransferSource => ({
  kind: 'file',
  path: `/images/${name}.raw`,
  size,
  modifiedAt: '2026-01-01T00:00:00.000Z',
})

const scene = (limits: Partial<UploadLimits>) => {
  const prod = createMemorySource({ cloud: CLOUD })
  const live = memoryLive({ clouds: [openstackCloud('prod')], open: sourceAmong({ prod: () => prod }) })
  const target: TransferTarget = {
    kind: 'cloud',
    cloud: CLOUD,
    capabilities: prod.capabilities,
    limits: { ...UNTOLD, ...limits },
  }
  const planner = createPlanner(live, { kind: 'cloud', cloud: 'prod', name: null })
  return { prod, target, plan: (source: TransferSource): Promise<Plan> => planner(source, target, {}) }
}
const checks = (plan: Plan): readonly string[] => findBlockers(plan).map(({ check }) => check)

describe('createPlanner', () => {
  it('counts the bytes of earlier plans', async () => {
    const { plan } = scene({ bytes: limit(2500) })
    expect(checks(await plan(file('a')))).toEqual([])
    expect(checks(await plan(file('b')))).toEqual([])
    expect(checks(await plan(file('c')))).toEqual(['quota'])
    // A blocked plan uses no quota.
    expect(checks(await plan(file('d', 500)))).toEqual([])
  })

  it('counts the images of earlier plans', async () => {
    const { plan } = scene({ images: limit(1) })
    expect(checks(await plan(file('a')))).toEqual([])
    expect(checks(await plan(file('b')))).toEqual(['quota'])
  })

  it('counts a repeated image once', async () => {
    const { plan } = scene({ images: limit(1) })
    const first = await plan(file('a'))
    const again = await plan(file('a'))
    expect(checks(again)).toEqual([])
    expect(again.id).toBe(first.id)
  })

  it('neither counts nor blocks images that already exist', async () => {
    const { plan, prod, target } = scene({ images: limit(1), bytes: limit(1000) })
    const { id } = planTransfer(file('a'), { ...target, limits: null }, {})
    await perform(prod, 'create', { id: computeImageId(id, 0), name: 'a', diskFormat: 'raw' })()
    expect(checks(await plan(file('a')))).toEqual([])
    expect(checks(await plan(file('b')))).toEqual([])
    const full = scene({ images: limit(0) })
    await perform(full.prod, 'create', { id: computeImageId(id, 0), name: 'a', diskFormat: 'raw' })()
    const made = await full.plan(file('a'))
    expect(checks(made)).toEqual([])
    expect(made.id).toBe(id)
    expect(checks(await full.plan(file('b')))).toEqual(['quota'])
  })
})
