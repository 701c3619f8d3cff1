import { describe, expect, it } from '@jest/globals'
import { findBlockers, planTransfer } from '../../src/plan/plan-transfer.ts'
import type { PreflightCheckName } from '../../src/plan/plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides } from '../../src/plan/transfer-input.ts'
import { GLANCE, HETZNER, leaving, fromGlance, toGlance, toHetzner, listChecks } from './planned-transfers.ts'

describe('runPreflightChecks', () => {
  it('lists the checks that block or warn', () => {
    const blocked = (
      source: TransferSource,
      target: TransferTarget,
      overrides?: TransferOverrides,
    ): readonly PreflightCheckName[] => listChecks(planTransfer(source, target, overrides), 'blocks')
    expect(blocked(fromGlance({ status: 'unavailable' }), toGlance())).toEqual(['source-status'])
    expect(blocked(fromGlance({ status: 'pending' }), toGlance())).toEqual(['source-status'])
    expect(
      blocked({ ...fromGlance(), capabilities: { ...GLANCE, operations: [] } } as TransferSource, toGlance()),
    ).toEqual(['source-download'])
    const ofVolumes = { stored: 0, virtual: 10 * 2 ** 30, minDisk: null, minRam: null }
    expect(blocked(fromGlance({ size: ofVolumes }), toGlance())).toEqual(['source-download'])
    const raw = { disk: 'raw', container: 'bare' } as const
    expect(blocked(fromGlance({ kind: 'image', size: ofVolumes, format: raw }), toGlance())).toEqual([])
    expect(blocked(fromGlance({ kind: 'snapshot', size: ofVolumes, format: raw }), toGlance())).toEqual([
      'source-download',
    ])
    expect(blocked(fromGlance({ format: { disk: null, container: null } }), toGlance())).toEqual(['disk-format'])
    expect(blocked(fromGlance({ format: { disk: 'qcow2', container: 'docker' } }), toHetzner())).toEqual([
      'container-format',
    ])
    expect(blocked(fromGlance({ format: { disk: 'qcow2', container: 'ova' } }), toHetzner())).toEqual([])
    expect(blocked(fromGlance({ format: { disk: 'ploop', container: 'bare' } }), toHetzner())).toEqual(['conversion'])
    expect(blocked(fromGlance({ architecture: null }), toHetzner())).toEqual(['architecture'])
    expect(blocked(fromGlance(), toHetzner({ refusal: 'no server type has such a disk' }))).toEqual(['estimate'])
    expect(
      blocked(fromGlance(), toGlance({ capabilities: { ...GLANCE, limits: { pageSize: null, uploadBytes: 1000 } } })),
    ).toEqual(['size-limit'])
    expect(blocked(fromGlance(), toGlance({ limits: leaving(1000) }))).toEqual(['quota'])
    expect(blocked(fromGlance(), toHetzner(), { diskFormat: 'qcow2' })).toEqual(['disk-format'])
    expect(findBlockers(planTransfer(fromGlance(), toGlance({ limits: leaving(1e12) })))).toEqual([])
    const labelled = {
      ...HETZNER,
      metadata: { labelValue: { maxLength: null, pattern: '^[a-z]*$', reserved: [], requirement: 'be letters' } },
    }
    expect(blocked(fromGlance(), toHetzner({ capabilities: labelled }), { labels: { env: 'prod eu' } })).toEqual([
      'metadata',
    ])
    expect(
      blocked(
        fromGlance({ tags: [], properties: {} }),
        toHetzner({
          capabilities: {
            ...labelled,
            metadata: { description: { maxLength: 3, pattern: null, reserved: [], requirement: '' } },
          },
        }),
      ),
    ).toEqual(['metadata'])
    const warned = (source: TransferSource, target: TransferTarget): readonly PreflightCheckName[] =>
      listChecks(planTransfer(source, target), 'warns')
    expect(warned(fromGlance({ deprecatedAt: '2026-01-01T00:00:00Z' }), toHetzner())).toEqual([
      'source-deprecated',
      'conversion',
      'virtual-size',
      'quota',
    ])
    expect(warned(fromGlance(), toGlance({ capabilities: { ...GLANCE, digests: [] }, limits: leaving(1e12) }))).toEqual(
      ['verification'],
    )
  })
})
