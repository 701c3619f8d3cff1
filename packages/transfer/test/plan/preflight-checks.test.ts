import { describe, expect, it } from '@jest/globals'
import type { Digest } from '@imago/core'
import { findBlockers, planTransfer } from '../../src/plan/plan-transfer.ts'
import type { PreflightCheckName } from '../../src/plan/plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides } from '../../src/plan/transfer-input.ts'
import { GLANCE, HETZNER, leaving, fromGlance, toGlance, toHetzner, listChecks } from './planned-transfers.ts'

describe('the digests of a source image', () => {
  const of = (...kinds: readonly Digest['of'][]): TransferSource =>
    fromGlance({
      digests: kinds.map((kind) => ({ algorithm: 'sha256', value: kind, of: kind, assertedBy: 'provider' })),
    })
  const target = toGlance({ capabilities: { ...GLANCE, digests: [] } })
  const NO_DIGEST = 'the source has no digest of its stored bytes: only the size of the download can be verified'
  const dispositions = (source: TransferSource): readonly unknown[] =>
    planTransfer(source, target)
      .fields.filter(({ field }) => field === 'digests')
      .map(({ from, reason }) => [from, reason])

  it('verify the download if they are of the stored bytes', () => {
    expect(dispositions(of('stored'))).toEqual([
      ['sha256:stored', 'used to verify the download; the target computes its own'],
    ])
    expect(planTransfer(of('stored'), target).checks.map(({ what }) => what)).not.toContain(NO_DIGEST)
  })

  it('cannot verify it if they are of other bytes', () => {
    expect(dispositions(of('stored', 'uncompressed'))).toEqual([
      ['sha256:stored', 'used to verify the download; the target computes its own'],
      ['sha256:uncompressed', 'cannot verify the download; the target computes its own'],
    ])
    for (const kind of ['unknown', 'uncompressed'] as const)
      expect(planTransfer(of(kind), target).checks.map(({ what }) => what)).toContain(NO_DIGEST)
  })
})

describe('runPreflightChecks', () => {
  it('lists the checks that block or warn', () => {
    const blocked = (
      source: TransferSource,
      target: TransferTarget,
      overrides?: TransferOverrides,
    ): readonly PreflightCheckName[] => listChecks(planTransfer(source, target, overrides), 'blocks')
    expect(blocked(fromGlance({ status: 'unavailable' }), toGlance())).toEqual(['source-status'])
    expect(blocked(fromGlance({ status: 'pending' }), toGlance())).toEqual(['source-status'])
    expect(findBlockers(planTransfer(fromGlance({ status: 'failed' }), toGlance()))).toMatchObject([
      { what: 'the status of the source is failed', hint: 'Choose another image' },
    ])
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
