import { describe, expect, it } from '@jest/globals'
import { perform, type Quota, type UploadLimits } from '@imago/core'
import { createMemorySource } from '@imago/testkit'
import { blockersOf, imageIdOf, planMove, type MoveSource, type MoveTarget, type Plan } from '@imago/transfer'
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
const file = (name: string, size = 1000): MoveSource => ({
  kind: 'file',
  path: `/images/${name}.raw`,
  size,
  modifiedAt: '2026-01-01T00:00:00.000Z',
})

const scene = (limits: Partial<UploadLimits>) => {
  const prod = createMemorySource({ cloud: CLOUD })
  const live = memoryLive({ clouds: [openstackCloud('prod')], open: sourceAmong({ prod: () => prod }) })
  const target: MoveTarget = {
    kind: 'cloud',
    cloud: CLOUD,
    capabilities: prod.capabilities,
    limits: { ...UNTOLD, ...limits },
  }
  const planner = createPlanner(live, { kind: 'cloud', cloud: 'prod', name: null })
  return { prod, target, plan: (source: MoveSource): Promise<Plan> => planner(source, target, {}) }
}
const gates = (plan: Plan): readonly string[] => blockersOf(plan).map(({ gate }) => gate)

describe('plans that are made one after another', () => {
  it('leave less room for those that follow', async () => {
    const { plan } = scene({ bytes: limit(2500) })
    expect(gates(await plan(file('a')))).toEqual([])
    expect(gates(await plan(file('b')))).toEqual([])
    expect(gates(await plan(file('c')))).toEqual(['quota'])
    // What does not fit takes nothing.
    expect(gates(await plan(file('d', 500)))).toEqual([])
  })

  it('count images', async () => {
    const { plan } = scene({ images: limit(1) })
    expect(gates(await plan(file('a')))).toEqual([])
    expect(gates(await plan(file('b')))).toEqual(['quota'])
  })

  it('count an image once that is named twice', async () => {
    const { plan } = scene({ images: limit(1) })
    const first = await plan(file('a'))
    const again = await plan(file('a'))
    expect(gates(again)).toEqual([])
    expect(again.id).toBe(first.id)
  })

  it('do not count what is there already, and do not block it', async () => {
    const { plan, prod, target } = scene({ images: limit(1), bytes: limit(1000) })
    const { id } = planMove(file('a'), { ...target, limits: null }, {})
    await perform(prod, 'create', { id: imageIdOf(id, 0), name: 'a', diskFormat: 'raw' })()
    expect(gates(await plan(file('a')))).toEqual([])
    expect(gates(await plan(file('b')))).toEqual([])
    const full = scene({ images: limit(0) })
    await perform(full.prod, 'create', { id: imageIdOf(id, 0), name: 'a', diskFormat: 'raw' })()
    const made = await full.plan(file('a'))
    expect(gates(made)).toEqual([])
    expect(made.id).toBe(id)
    expect(gates(await full.plan(file('b')))).toEqual(['quota'])
  })
})
