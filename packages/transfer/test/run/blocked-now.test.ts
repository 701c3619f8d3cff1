import { afterEach, describe, expect, test } from '@jest/globals'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { decisiveOf } from '../../src/plan/plan-move.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { checksumOf, planIdOf } from '../../src/plan/uuid.ts'
import { createRig, type Rig, type RigOptions } from './rig.ts'

const rigs: Rig[] = []
afterEach(() => rigs.splice(0).forEach((rig) => rig.clear()))
const rigOf = (options: RigOptions = {}): Rig => {
  const rig = createRig(options)
  rigs.push(rig)
  return rig
}

/** A plan that somebody changed who knows how ids and checksums are made. */
const forged = (plan: Plan, changes: Partial<Plan>): Plan => {
  const changed = { ...plan, ...changes }
  const renamed = { ...changed, id: planIdOf(decisiveOf(changed)) }
  return { ...renamed, checksum: checksumOf(renamed) }
}

describe('a plan whose gates were cut out, with an id and a checksum that fit', () => {
  test.each<readonly [string, RigOptions, RegExp]>([
    ['nobody says the format', { image: { format: { disk: null, container: null } } }, /which disk format/],
    ['the format cannot be converted', { image: { format: { disk: 'ploop', container: 'bare' } }, wishes: { diskFormat: 'qcow2' } }, /cannot be converted/],
    ['nobody says the architecture of a disk', { image: { architecture: null }, target: { disks: true } }, /architecture of the image is unknown/],
    ['the disk is in a container', { image: { format: { disk: 'qcow2', container: 'docker' } }, target: { disks: true } }, /in a container/],
    ['the source gives no bytes', { source: { without: ['download'] } }, /does not give the bytes/],
    ['the target takes no bytes', { target: { without: ['create'] } }, /takes no bytes/],
  ])('is refused before a byte moves: %s', async (_, options, why) => {
    const rig = rigOf(options)
    const blocked = await rig.run()
    expect(blocked).toMatchObject({ left: { _tag: 'Rejected', what: expect.stringMatching(why) } })
    const answer = await rig.run({}, undefined, forged(rig.plan, { gates: [] }))
    expect(answer).toMatchObject({ left: { _tag: 'Rejected', what: expect.stringMatching(why) } })
    expect(await rig.made()).toEqual([])
    expect(rig.spooled()).toEqual([])
  })
})

test('a plan that promises a surer verification than there is, is refused', async () => {
  const rig = rigOf()
  const blind = { ...rig.to, capabilities: { ...rig.to.capabilities, digests: [] } }
  const sourceOf: Rig['options']['sourceOf'] = (cloud) => (cloud.cloud === 'to' ? TE.right(blind) : rig.options.sourceOf(cloud))
  expect(await rig.run({ sourceOf })).toMatchObject({ left: { _tag: 'Rejected', what: expect.stringContaining('digest-declared is the best'), hint: 'Make a new plan' } })
  expect(await rig.run({ sourceOf }, undefined, forged(rig.plan, { verification: 'digest-declared' }))).toMatchObject({ right: { verified: 'digest-match' } })
})
