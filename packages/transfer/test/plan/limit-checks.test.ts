import { describe, expect, it } from '@jest/globals'
import type { MetadataRules, UploadLimits } from '@imago/core'
import { bareImage, createMemorySource } from '@imago/testkit'
import { planTransfer } from '../../src/plan/plan-transfer.ts'
import type { PreflightCheck, Plan } from '../../src/plan/plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides, PlannedUsage } from '../../src/plan/transfer-input.ts'
import { FILE_RULES } from '../rules.ts'

const MIB = 2 ** 20
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
const capabilities = createMemorySource({ metadata: FILE_RULES }).capabilities

const file = (size: number, path = '/images/web.raw'): TransferSource => ({
  kind: 'file',
  path,
  size,
  modifiedAt: null,
})
const to = (
  limits: Partial<UploadLimits> | null,
  more: Partial<Extract<TransferTarget, { kind: 'cloud' }>> = {},
): TransferTarget => ({
  kind: 'cloud',
  cloud: { provider: 'memory', cloud: 'to', region: null },
  capabilities,
  limits: limits === null ? null : { ...UNTOLD, ...limits },
  ...more,
})
const listChecks = (
  checks: readonly PreflightCheck[],
  name: PreflightCheck['check'],
): readonly Omit<PreflightCheck, 'check'>[] =>
  checks.flatMap((one) => {
    const { check: found, ...rest } = one
    return found === name ? [rest] : []
  })
const planned = (
  limits: Partial<UploadLimits> | null,
  {
    source = file(20 * MIB),
    overrides = {},
    ...more
  }: {
    readonly source?: TransferSource
    readonly overrides?: TransferOverrides
    readonly plannedUsage?: PlannedUsage
    readonly alreadyExists?: boolean
  } = {},
): Plan => planTransfer(source, to(limits, more), overrides)
const quota = (used: number, limit: number | null, unit = 1) => ({ used, limit, unit })

describe('checkLimits with a storage quota', () => {
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
      what: expect.stringContaining('about 20.0 MiB (an estimate, by the size of the source'),
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

describe('checkLimits with numbers of images and uploads', () => {
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
        what: '2 of 2 uploads that the quota of the target allows at a time are in progress',
      }),
    ])
    expect(withImages({ uploads: quota(0, 0) })).toEqual([expect.objectContaining({ effect: 'blocks' })])
  })
})

describe('checkLimits with stores', () => {
  const stores = [
    { id: 'fast', isDefault: true, isReadOnly: false },
    { id: 'web', isDefault: false, isReadOnly: true },
  ]
  const checks = (store: string | undefined, reported: UploadLimits['stores'] = stores) =>
    listChecks(planned({ stores: reported }, { overrides: store === undefined ? {} : { store } }).checks, 'store')

  it('blocks an unknown store', () => {
    expect(checks(undefined)).toEqual([])
    expect(checks('fast')).toEqual([])
    expect(checks('fsat')).toEqual([
      {
        effect: 'blocks',
        what: 'the target has no store "fsat" (one of: fast, web)',
        hint: 'Choose a writable store',
        changes: [{ parameter: 'store', values: ['fast'] }],
      },
    ])
  })

  it('blocks a read-only store', () => {
    expect(checks('web')).toEqual([
      {
        effect: 'blocks',
        what: 'the store web of the target is read-only',
        hint: 'Choose a writable store',
        changes: [{ parameter: 'store', values: ['fast'] }],
      },
    ])
    expect(checks(undefined, [{ id: 'web', isDefault: true, isReadOnly: true }])).toEqual([
      expect.objectContaining({ what: 'the default store web of the target is read-only' }),
    ])
  })

  it('warns if the target reports no stores', () =>
    expect(checks('fast', null)).toEqual([expect.objectContaining({ effect: 'warns' })]))

  it('bounds the list of stores', () => {
    const many = Array.from({ length: 500 }, (_, at) => ({
      id: `${at}${'x'.repeat(1000)}`,
      isDefault: false,
      isReadOnly: false,
    }))
    const [check] = checks('other', many)
    expect((check?.what.length ?? 0) + (check?.hint.length ?? 0)).toBeLessThan(1500)
  })
})

describe('checkLimits with formats', () => {
  it('blocks a disk format that the cloud has not enabled', () => {
    expect(listChecks(planned({ diskFormats: ['qcow2', 'vmdk'] }).checks, 'disk-format')).toEqual([
      {
        effect: 'blocks',
        what: 'the target does not accept the disk format raw (one of: qcow2, vmdk)',
        hint: 'Choose one of these disk formats',
        changes: [{ parameter: 'diskFormat', values: [] }],
      },
    ])
    expect(
      listChecks(planned({ diskFormats: ['qcow2'] }, { overrides: { diskFormat: 'qcow2' } }).checks, 'disk-format'),
    ).toEqual([])
    expect(listChecks(planned({ containerFormats: ['ovf'] }).checks, 'container-format')).toEqual([
      expect.objectContaining({
        effect: 'blocks',
        what: 'the target does not accept the container format bare (one of: ovf)',
      }),
    ])
  })

  it('blocks a container format that the cloud has not enabled', () => {
    const docker: TransferSource = {
      kind: 'image',
      capabilities,
      image: bareImage('one', {
        name: 'x',
        status: 'available',
        format: { disk: 'raw', container: 'docker' },
        size: { stored: 5, virtual: 5, minDisk: null, minRam: null },
      }),
    }
    expect(listChecks(planned({ containerFormats: ['bare'] }, { source: docker }).checks, 'container-format')).toEqual([
      expect.objectContaining({ what: 'the target does not accept the container format docker (one of: bare)' }),
    ])
  })
})

describe('checkLimits with names, tags and properties', () => {
  const refused = (
    limits: Partial<UploadLimits>,
    overrides: TransferOverrides,
    rules: MetadataRules = FILE_RULES,
  ): readonly string[] =>
    listChecks(
      planTransfer(file(5), to(limits, { capabilities: { ...capabilities, metadata: rules } }), overrides).checks,
      'metadata',
    ).map(({ what }) => what)

  it('blocks names and tags longer than the cloud accepts', () => {
    expect(refused({ nameLength: 3 }, { name: 'webs' })).toEqual([
      'memory: the name "webs" has 4 characters, and the target accepts 3',
    ])
    expect(refused({ nameLength: 4 }, { name: '🚀🚀🚀🚀' })).toEqual([])
    expect(refused({ tagLength: 2 }, { tags: ['ok', 'long'] })).toEqual([
      'memory: the tag "long" has 4 characters, and the target accepts 2',
    ])
  })

  it('reports a name that is too long for the provider once', () =>
    expect(
      refused(
        { nameLength: 3 },
        { name: 'webs' },
        { name: { maxLength: 3, pattern: null, reserved: [], requirement: '' } },
      ),
    ).toHaveLength(1))

  it('blocks a value that the property schema does not allow', () => {
    const properties = {
      hw_disk_bus: { values: ['virtio', 'scsi'], maxLength: null },
      note: { values: null, maxLength: 3 },
    }
    expect(refused({ properties }, { properties: { hw_disk_bus: 'virtio', note: 'abc', other: 'x' } })).toEqual([])
    expect(refused({ properties }, { properties: { hw_disk_bus: 'ide', note: 'abcd' } })).toEqual([
      'memory: the property hw_disk_bus cannot be "ide" (one of: virtio, scsi)',
      'memory: the value of the property note has 4 characters, and the target accepts 3',
    ])
  })

  it('blocks properties outside the schema if others are disabled', () => {
    const properties = { hw_disk_bus: { values: null, maxLength: null }, imago_run: { values: null, maxLength: null } }
    expect(refused({ properties, otherProperties: false }, { properties: { hw_disk_bus: 'x' } })).toEqual([])
    expect(refused({ properties: {}, otherProperties: false }, { description: 'x' })).toEqual([
      'memory: the target accepts no property "description": its operator allows certain properties only',
      'memory: the target accepts no property "imago_run": its operator allows certain properties only',
    ])
  })

  it('blocks above a fixed number, and warns above a default one', () => {
    const tags = ['a', 'b', 'c']
    const checks = (rules: MetadataRules) =>
      listChecks(
        planTransfer(file(5), to(null, { capabilities: { ...capabilities, metadata: rules } }), {
          tags,
          properties: { p: '1' },
          labels: { l: '1' },
        }).checks,
        'metadata',
      ).map(({ effect, what }) => [effect, what])
    expect(checks({ tagCount: { max: 3, isFixed: true } })).toEqual([])
    expect(checks({ tagCount: { max: 2, isFixed: true }, labelCount: { max: 0, isFixed: true } })).toEqual([
      ['blocks', 'the image has 3 tags, and memory accepts 2'],
      ['blocks', 'the image has 1 label, and memory accepts 0'],
    ])
    // The run tag counts, too.
    expect(checks({ propertyCount: { max: 1, isFixed: false } })).toEqual([
      ['warns', 'the image has 2 properties, and memory accepts 1 by default'],
    ])
  })
})

describe('checkLimits for a file', () => {
  it('returns no checks for a file', () =>
    expect(planTransfer(file(5), { kind: 'file', path: '/tmp/x' }, { store: 'x' }).checks).toEqual([]))
})
