import { describe, expect, it } from '@jest/globals'
import { bareImage } from '@imago/testkit'
import { planTransfer } from '../../src/plan/plan-transfer.ts'
import type { UploadLimits } from '@imago/core'
import type { TransferSource } from '../../src/plan/transfer-input.ts'
import { capabilities, file, listChecks, planned } from './limited-targets.ts'

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

describe('checkLimits for a file', () => {
  it('returns no checks for a file', () =>
    expect(planTransfer(file(5), { kind: 'file', path: '/tmp/x' }, { store: 'x' }).checks).toEqual([]))
})
