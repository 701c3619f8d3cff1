import { describe, expect, it } from '@jest/globals'
import type { UploadLimits } from '@imago/core'
import type { TransferSource } from '../../src/plan/transfer-input.ts'
import type { PlannedUsage } from '../../src/plan/transfer-input.ts'
import { MIB, file, listChecks, planned, quota } from './limited-targets.ts'

describe('checkQuota with a storage quota', () => {
  it('blocks an image larger than the remaining quota', () => {
    expect(listChecks(planned({ bytes: quota(90 * MIB, 100 * MIB, MIB) }).checks, 'quota')).toEqual([
      {
        effect: 'blocks',
        what: 'the image has 20.0 MiB, and the quota of the target leaves 10.0 MiB (90.0 MiB of 100 MiB are used)',
        hint: expect.stringContaining('Delete images'),
      },
    ])
  })

  it("counts exactly, in the provider's units", () => {
    const limits = { bytes: quota(0, 20 * MIB, MIB) }
    expect(listChecks(planned(limits, { source: file(21 * MIB - 1) }).checks, 'quota')).toEqual([])
    expect(listChecks(planned(limits, { source: file(21 * MIB) }).checks, 'quota')).toHaveLength(1)
  })

  it('prints bytes if the rounded sizes look the same', () => {
    const [check] = listChecks(planned({ bytes: quota(0, 20 * MIB - 1) }).checks, 'quota')
    expect(check?.what).toBe(
      'the image has 20971520 bytes, and the quota of the target leaves 20971519 bytes (0 bytes of 20971519 bytes are used)',
    )
  })

  it('counts earlier plans', () => {
    const limits = { bytes: quota(0, 50 * MIB), images: quota(0, 9) }
    expect(listChecks(planned(limits, { plannedUsage: { bytes: 30 * MIB, images: 1 } }).checks, 'quota')).toEqual([])
    expect(listChecks(planned(limits, { plannedUsage: { bytes: 40 * MIB, images: 2 } }).checks, 'quota')).toEqual([
      expect.objectContaining({
        effect: 'blocks',
        what: expect.stringContaining('and the images planned before it take 40.0 MiB'),
      }),
    ])
  })

  it('warns with an estimate if a conversion determines the size', () => {
    const [check] = listChecks(
      planned({ bytes: quota(0, MIB) }, { overrides: { diskFormat: 'qcow2' } }).checks,
      'quota',
    )
    expect(check).toMatchObject({
      effect: 'warns',
      what: expect.stringContaining('about 20.0 MiB (estimated from the source'),
    })
  })

  it('warns if the size is unknown', () => {
    const url: TransferSource = { kind: 'url', url: 'https://images.test/a.raw', size: null, etag: null }
    expect(listChecks(planned({ bytes: quota(0, MIB) }, { source: url }).checks, 'quota')).toEqual([
      expect.objectContaining({ effect: 'warns', what: expect.stringContaining('size of the image is unknown') }),
    ])
  })

  it('accepts an unlimited quota, and warns about an unknown one', () => {
    expect(listChecks(planned({ bytes: quota(5, null) }).checks, 'quota')).toEqual([])
    for (const limits of [null, {}])
      expect(listChecks(planned(limits).checks, 'quota')).toEqual([
        expect.objectContaining({ effect: 'warns', what: 'the storage quota of the target is unknown' }),
      ])
  })

  it('ignores the quota if the image exists', () =>
    expect(
      listChecks(planned({ bytes: quota(9, 9), images: quota(1, 1) }, { alreadyExists: true }).checks, 'quota'),
    ).toEqual([]))
})

describe('checkQuota with numbers of images and uploads', () => {
  const withImages = (limits: Partial<UploadLimits>, use?: PlannedUsage) =>
    listChecks(
      planned({ bytes: quota(0, null), ...limits }, use === undefined ? {} : { plannedUsage: use }).checks,
      'quota',
    )

  it('blocks one image too many', () => {
    expect(withImages({ images: quota(4, 5) })).toEqual([])
    expect(withImages({ images: quota(5, 5) })).toEqual([
      {
        effect: 'blocks',
        what: 'one more image exceeds the quota of the target: 5 of 5 images exist',
        hint: expect.any(String),
      },
    ])
    expect(withImages({ images: quota(4, 5) }, { bytes: 0, images: 1 })).toEqual([
      expect.objectContaining({
        what: 'one more image exceeds the quota of the target: 4 of 5 images exist, and 1 is planned before this one',
      }),
    ])
  })

  it('warns about uploads in progress, and blocks if none are allowed', () => {
    expect(withImages({ uploads: quota(1, 2) })).toEqual([])
    expect(withImages({ uploads: quota(2, 2) })).toEqual([
      expect.objectContaining({
        effect: 'warns',
        what: 'the quota of the target allows 2 uploads at a time, and 2 are in progress',
      }),
    ])
    expect(withImages({ uploads: quota(0, 0) })).toEqual([expect.objectContaining({ effect: 'blocks' })])
  })
})
