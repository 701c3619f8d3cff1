import { afterEach, describe, expect, test } from '@jest/globals'
import {
  forbidden,
  quotaExceeded,
  rejected,
  createErrorSite,
  unavailable,
  type ImageError,
  type ImageSource,
  type UploadLimits,
} from '@imago/core'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { selectIdentity } from '../../src/plan/plan-transfer.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { computeChecksum, computePlanId } from '../../src/plan/uuid.ts'
import { TRANSFER_SITE } from '../../src/run/context.ts'
import { createRig, DISK, type Rig, type RigOptions } from './rig.ts'

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
  const renamed = { ...changed, id: computePlanId(selectIdentity(changed)) }
  return { ...renamed, checksum: computeChecksum(renamed) }
}

describe('a plan whose checks were cut out, with an id and a checksum that fit', () => {
  test.each<readonly [string, RigOptions, RegExp]>([
    [
      'nobody says the format',
      { image: { format: { disk: null, container: null } } },
      /disk format of the source is unknown/,
    ],
    [
      'the format cannot be converted',
      { image: { format: { disk: 'ploop', container: 'bare' } }, wishes: { diskFormat: 'qcow2' } },
      /cannot be converted/,
    ],
    [
      'nobody says the architecture of a disk',
      { image: { architecture: null }, target: { disks: true } },
      /architecture of the image is unknown/,
    ],
    [
      'the disk is in a container',
      { image: { format: { disk: 'qcow2', container: 'docker' } }, target: { disks: true } },
      /container format docker/,
    ],
    ['the source gives no bytes', { source: { without: ['download'] } }, /does not support downloads/],
    ['the target takes no bytes', { target: { without: ['create'] } }, /does not support uploads/],
  ])('is refused before a byte moves: %s', async (_, options, why) => {
    const rig = rigOf(options)
    const blocked = await rig.run()
    expect(blocked).toMatchObject({ left: { _tag: 'Rejected', what: expect.stringMatching(why) } })
    const answer = await rig.run({}, undefined, forged(rig.plan, { checks: [] }))
    expect(answer).toMatchObject({ left: { _tag: 'Rejected', what: expect.stringMatching(why) } })
    expect(await rig.made()).toEqual([])
    expect(rig.spooled()).toEqual([])
  })
})

test('a plan that promises a surer verification than there is, is refused', async () => {
  const rig = rigOf()
  const blind = { ...rig.to, capabilities: { ...rig.to.capabilities, digests: [] } }
  const sourceOf: Rig['options']['openSource'] = (cloud) =>
    cloud.cloud === 'to' ? TE.right(blind) : rig.options.openSource(cloud)
  expect(await rig.run({ openSource: sourceOf })).toMatchObject({
    left: { _tag: 'Rejected', what: expect.stringContaining('digest-declared is the best'), hint: 'Create a new plan' },
  })
  expect(
    await rig.run({ openSource: sourceOf }, undefined, forged(rig.plan, { verification: 'digest-declared' })),
  ).toMatchObject({
    right: { verified: 'digest-match' },
  })
})

describe('what the target reports when the run begins', () => {
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
  const reporting =
    (limits: () => Partial<UploadLimits>) =>
    (source: ImageSource): ImageSource => ({ ...source, uploadLimits: () => TE.right({ ...UNTOLD, ...limits() }) })
  const full = { used: 100, limit: 100, unit: 1 }

  test.each<readonly [string, Partial<UploadLimits>, RegExp, string]>([
    ['the storage quota is used up', { bytes: full }, /the quota of the target leaves 0 B/, 'quota'],
    ['the number of images is reached', { images: full }, /one more image exceeds the quota/, 'quota'],
    ['its format is switched off', { diskFormats: ['qcow2'] }, /does not accept the disk format raw/, 'disk-format'],
    [
      'its container is switched off',
      { containerFormats: ['ovf'] },
      /does not accept the container format bare/,
      'container-format',
    ],
    [
      'its default store is read-only',
      { stores: [{ id: 'web', isDefault: true, isReadOnly: true }] },
      /read-only/,
      'store',
    ],
  ])('blocks it before a byte moves: %s', async (_, limits, why, blockedBy) => {
    const rig = rigOf({ wrapTo: reporting(() => limits) })
    expect(await rig.run()).toMatchObject({ left: { _tag: 'Rejected', what: expect.stringMatching(why), blockedBy } })
    expect(await rig.made()).toEqual([])
    expect(rig.spooled()).toEqual([])
  })

  test('blocks a store that is gone since the plan was made', async () => {
    const rig = rigOf({
      wishes: { store: 'fast' },
      target: { stores: ['fast'] },
      wrapTo: reporting(() => ({ stores: [{ id: 'slow', isDefault: true, isReadOnly: false }] })),
    })
    expect(await rig.run()).toMatchObject({
      left: { blockedBy: 'store', what: expect.stringContaining('no store "fast"') },
    })
  })

  test('lets it go on once there is room', async () => {
    let bytes = full
    const rig = rigOf({ wrapTo: reporting(() => ({ bytes })) })
    expect(await rig.run()).toMatchObject({ left: { blockedBy: 'quota' } })
    bytes = { ...full, limit: 10 ** 9 }
    expect(await rig.run()).toMatchObject({ right: { verified: 'digest-match' } })
  })

  test('is looked at again when the bytes are here, and their number is known', async () => {
    let looks = 0
    const rig = rigOf({ wrapTo: reporting(() => ({ bytes: { ...full, limit: looks++ === 0 ? 10 ** 9 : 100 } })) })
    expect(await rig.run()).toMatchObject({ left: { blockedBy: 'quota', what: expect.stringContaining('196 KiB') } })
    expect(await rig.made()).toEqual([])
    expect(looks).toBe(2)
  })

  test('does not stop a run whose image is there, made by this plan elsewhere', async () => {
    const first = rigOf()
    expect(await first.run()).toMatchObject({ right: { adopted: false } })
    const second = rigOf({ wrapTo: () => reporting(() => ({ bytes: full, images: full }))(first.to) })
    expect(await second.run()).toMatchObject({ right: { adopted: true, size: DISK.length } })
  })

  test.each<readonly [string, ImageError]>([
    ['a policy forbids it', forbidden(TRANSFER_SITE, { what: 'no', reason: 'policy' })],
    [
      'the operator has not set the limits up',
      unavailable(
        createErrorSite({ provider: 'memory', cloud: 'to' }, 'uploadLimits', {
          method: 'GET',
          path: '/v2/info/usage',
          status: 500,
          requestId: null,
        }),
        { what: 'broken' },
      ),
    ],
    ['it is not known', rejected(TRANSFER_SITE, { what: 'no such request' })],
  ])('is nothing where it cannot be read: %s', async (_, error) => {
    const rig = rigOf({ wrapTo: (source) => ({ ...source, uploadLimits: () => TE.left(error) }) })
    expect(await rig.run()).toMatchObject({ right: { verified: 'digest-match' } })
  })

  test('fails where the cloud cannot be reached', async () => {
    const rig = rigOf({
      wrapTo: (source) => ({
        ...source,
        uploadLimits: () =>
          TE.left(
            unavailable(createErrorSite({ provider: 'memory', cloud: 'to' }, 'uploadLimits'), { what: 'no answer' }),
          ),
      }),
    })
    expect(await rig.run()).toMatchObject({ left: { _tag: 'Unavailable', what: 'no answer' } })
  })
})

test('a target that is over quota all the same is left without an image', async () => {
  const over = quotaExceeded(createErrorSite({ provider: 'memory', cloud: 'to' }, 'upload'), { what: 'over quota' })
  const rig = rigOf({
    wrapTo: (source) => ({
      ...source,
      upload: () => TE.left({ ...over, upload: { response: 'refused', sent: 'part', bytes: 5, image: 'empty' } }),
    }),
  })
  expect(await rig.run()).toMatchObject({ left: { _tag: 'QuotaExceeded', what: 'over quota' } })
  expect(await rig.made()).toEqual([])
})
