import { afterEach, describe, expect, it } from '@jest/globals'
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
const openRig = (options: RigOptions = {}): Rig => {
  const rig = createRig(options)
  rigs.push(rig)
  return rig
}

/** A changed plan with a recomputed ID and checksum. */
const forged = (plan: Plan, changes: Partial<Plan>): Plan => {
  const changed = { ...plan, ...changes }
  const renamed = { ...changed, id: computePlanId(selectIdentity(changed)) }
  return { ...renamed, checksum: computeChecksum(renamed) }
}

describe('a plan without its checks, with valid ID and checksum', () => {
  it.each<readonly [string, RigOptions, RegExp]>([
    [
      'the format is unknown',
      { image: { format: { disk: null, container: null } } },
      /disk format of the source is unknown/,
    ],
    [
      'the format cannot be converted',
      { image: { format: { disk: 'ploop', container: 'bare' } }, overrides: { diskFormat: 'qcow2' } },
      /cannot be converted/,
    ],
    [
      'the architecture of a disk is unknown',
      { image: { architecture: null }, target: { disks: true } },
      /architecture of the image is unknown/,
    ],
    [
      'the disk is in a container',
      { image: { format: { disk: 'qcow2', container: 'docker' } }, target: { disks: true } },
      /container format docker/,
    ],
    ['the source does not support downloads', { source: { without: ['download'] } }, /does not support downloads/],
    ['the target does not support uploads', { target: { without: ['create'] } }, /does not support uploads/],
  ])('is refused before any transfer if %s', async (_, options, why) => {
    const rig = openRig(options)
    const blocked = await rig.run()
    expect(blocked).toMatchObject({ left: { _tag: 'Rejected', what: expect.stringMatching(why) } })
    const answer = await rig.run({}, undefined, forged(rig.plan, { checks: [] }))
    expect(answer).toMatchObject({ left: { _tag: 'Rejected', what: expect.stringMatching(why) } })
    expect(await rig.listCreated()).toEqual([])
    expect(rig.spooled()).toEqual([])
  })
})

describe('a plan with a changed verification level', () => {
  it('is refused if its verification level is not possible', async () => {
    const rig = openRig()
    const blind = { ...rig.to, capabilities: { ...rig.to.capabilities, digests: [] } }
    const createArchiveSource: Rig['options']['openSource'] = (cloud) =>
      cloud.cloud === 'to' ? TE.right(blind) : rig.options.openSource(cloud)
    expect(await rig.run({ openSource: createArchiveSource })).toMatchObject({
      left: {
        _tag: 'Rejected',
        what: expect.stringContaining('digest-declared is the best'),
        hint: 'Create a new plan',
      },
    })
    expect(
      await rig.run(
        { openSource: createArchiveSource },
        undefined,
        forged(rig.plan, { verification: 'digest-declared' }),
      ),
    ).toMatchObject({
      right: { verified: 'digest-match' },
    })
  })
})

describe('applyPlan with limits of the target', () => {
  const UNKNOWN_LIMITS: UploadLimits = {
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
    (source: ImageSource): ImageSource => ({
      ...source,
      uploadLimits: () => TE.right({ ...UNKNOWN_LIMITS, ...limits() }),
    })
  const full = { used: 100, limit: 100, unit: 1 }

  it.each<readonly [string, Partial<UploadLimits>, RegExp, string]>([
    ['the storage quota is used up', { bytes: full }, /the quota of the target leaves 0 B/, 'quota'],
    ['the number of images is reached', { images: full }, /one more image exceeds the quota/, 'quota'],
    ['its format is not enabled', { diskFormats: ['qcow2'] }, /does not accept the disk format raw/, 'disk-format'],
    [
      'its container format is not enabled',
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
  ])('is refused before any transfer if %s', async (_, limits, why, blockedBy) => {
    const rig = openRig({ wrapTo: reporting(() => limits) })
    expect(await rig.run()).toMatchObject({ left: { _tag: 'Rejected', what: expect.stringMatching(why), blockedBy } })
    expect(await rig.listCreated()).toEqual([])
    expect(rig.spooled()).toEqual([])
  })

  it('is refused if its store was removed after planning', async () => {
    const rig = openRig({
      overrides: { store: 'fast' },
      target: { stores: ['fast'] },
      wrapTo: reporting(() => ({ stores: [{ id: 'slow', isDefault: true, isReadOnly: false }] })),
    })
    expect(await rig.run()).toMatchObject({
      left: { blockedBy: 'store', what: expect.stringContaining('no store "fast"') },
    })
  })

  it('continues once the quota suffices', async () => {
    let bytes = full
    const rig = openRig({ wrapTo: reporting(() => ({ bytes })) })
    expect(await rig.run()).toMatchObject({ left: { blockedBy: 'quota' } })
    bytes = { ...full, limit: 10 ** 9 }
    expect(await rig.run()).toMatchObject({ right: { verified: 'digest-match' } })
  })

  it('checks the limits again once the size is known', async () => {
    let looks = 0
    const rig = openRig({ wrapTo: reporting(() => ({ bytes: { ...full, limit: looks++ === 0 ? 10 ** 9 : 100 } })) })
    expect(await rig.run()).toMatchObject({ left: { blockedBy: 'quota', what: expect.stringContaining('196 KiB') } })
    expect(await rig.listCreated()).toEqual([])
    expect(looks).toBe(2)
  })

  it('adopts the image of this plan despite an exhausted quota', async () => {
    const first = openRig()
    expect(await first.run()).toMatchObject({ right: { adopted: false } })
    const second = openRig({ wrapTo: () => reporting(() => ({ bytes: full, images: full }))(first.to) })
    expect(await second.run()).toMatchObject({ right: { adopted: true, size: DISK.length } })
  })

  it.each<readonly [string, ImageError]>([
    ['a policy forbids reading them', forbidden(TRANSFER_SITE, { what: 'no', reason: 'policy' })],
    [
      'the operator has not configured them',
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
    ['the cloud does not support them', rejected(TRANSFER_SITE, { what: 'no such request' })],
  ])('continues without limits if %s', async (_, error) => {
    const rig = openRig({ wrapTo: (source) => ({ ...source, uploadLimits: () => TE.left(error) }) })
    expect(await rig.run()).toMatchObject({ right: { verified: 'digest-match' } })
  })

  it('fails if the cloud is unavailable', async () => {
    const rig = openRig({
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

describe('applyPlan with an upload over quota', () => {
  it('deletes the image after an upload that exceeds the quota', async () => {
    const over = quotaExceeded(createErrorSite({ provider: 'memory', cloud: 'to' }, 'upload'), { what: 'over quota' })
    const rig = openRig({
      wrapTo: (source) => ({
        ...source,
        upload: () => TE.left({ ...over, upload: { response: 'refused', sent: 'part', bytes: 5, image: 'empty' } }),
      }),
    })
    expect(await rig.run()).toMatchObject({ left: { _tag: 'QuotaExceeded', what: 'over quota' } })
    expect(await rig.listCreated()).toEqual([])
  })
})
