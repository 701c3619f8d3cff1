import { describe, expect, it } from '@jest/globals'
import { planTransfer } from '../../src/plan/plan-transfer.ts'
import type { MetadataRules } from '@imago/core'
import type { UploadLimits } from '@imago/core'
import { FILE_RULES } from '../rules.ts'
import type { TransferOverrides } from '../../src/plan/transfer-input.ts'
import { capabilities, file, to, listChecks } from './limited-targets.ts'

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
    const any = { values: null, maxLength: null }
    const properties = { hw_disk_bus: any, imago_run: any, imago_run_epoch: any }
    expect(refused({ properties, otherProperties: false }, { properties: { hw_disk_bus: 'x' } })).toEqual([])
    expect(refused({ properties: {}, otherProperties: false }, { description: 'x' })).toEqual([
      'memory: the target accepts no property "description": its operator allows certain properties only',
      'memory: the target accepts no property "imago_run": its operator allows certain properties only',
      'memory: the target accepts no property "imago_run_epoch": its operator allows certain properties only',
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
    // The run tags count, too.
    expect(checks({ propertyCount: { max: 1, isFixed: false } })).toEqual([
      ['warns', 'the image has 3 properties, and memory accepts 1 by default'],
    ])
  })
})
