import { describe, expect, it } from '@jest/globals'
import type { SourceFacts } from '../../src/facts/source-facts.ts'
import { findBlockers, planTransfer } from '../../src/plan/plan-transfer.ts'
import type { TransferSource, TransferOverrides } from '../../src/plan/transfer-input.ts'
import { fromHetzner, toGlance, toFile, listChecks } from './planned-transfers.ts'

describe('planTransfer of an inspected file', () => {
  const seen = (facts: Partial<SourceFacts>, path = '/images/disk.img'): TransferSource => ({
    kind: 'file',
    path,
    size: 5_000_000,
    modifiedAt: null,
    facts: { compression: null, archive: null, format: 'qcow2', virtualSize: 2 ** 34, refusal: null, ...facts },
  })

  it('uses format and size of the bytes, not of the name', () => {
    expect(planTransfer(seen({}), toGlance()).format).toMatchObject({ from: 'qcow2', virtualSize: 2 ** 34 })
    expect(planTransfer(seen({}, '/images/disk.raw'), toGlance()).format).toMatchObject({ from: 'qcow2' })
    expect(planTransfer(seen({ format: 'gpt', virtualSize: 5_000_000 }), toGlance()).format).toMatchObject({
      from: 'raw',
      virtualSize: 5_000_000,
    })
    expect(planTransfer(seen({ format: 'gpt' }, '/images/kernel.qcow2'), toGlance()).format).toMatchObject({
      from: 'raw',
    })
    expect(planTransfer(seen({ compression: 'zstd' }, '/images/disk.gz'), toGlance()).format).toMatchObject({
      from: 'qcow2',
      compression: 'zstd',
    })
    expect(
      planTransfer(seen({ compression: 'gzip', format: 'raw', virtualSize: null }, '/images/disk.vhd.gz'), toGlance())
        .format,
    ).toMatchObject({ from: 'vhd' })
  })

  it('blocks if the bytes differ from the declaration or are not safe', () => {
    const blockers = (source: TransferSource, overrides: TransferOverrides = {}): readonly string[] =>
      findBlockers(planTransfer(source, toGlance(), overrides)).map(({ check, what }) => `${check}: ${what}`)
    expect(blockers(seen({}), { sourceFormat: 'raw' })).toEqual([
      'disk-format: the source is qcow2, but raw is declared',
    ])
    expect(blockers(seen({ format: 'gpt' }), { sourceFormat: 'qcow2' })).toEqual([
      'disk-format: the source is raw, but qcow2 is declared',
    ])
    expect(blockers(seen({ format: 'gpt' }), { sourceFormat: 'raw' })).toEqual([])
    expect(blockers(seen({ format: 'iso' }), { sourceFormat: 'raw' })).toEqual([])
    expect(blockers(seen({}), { compression: 'xz' })).toEqual([
      'source-content: the source is not compressed, but xz is declared',
    ])
    expect(blockers(seen({ compression: 'gzip' }), { compression: 'xz' })).toEqual([
      'source-content: the source is compressed with gzip, but xz is declared',
    ])
    expect(
      blockers(seen({ format: null, refusal: { check: 'backing_file', what: 'it names a backing file', hint: 'x' } })),
    ).toEqual(['source-content: it names a backing file'])
  })

  it('blocks a snapshot that no server type can hold', () => {
    expect(
      listChecks(
        planTransfer({ ...fromHetzner(), refusal: 'there is no such server' } as TransferSource, toFile),
        'blocks',
      ),
    ).toEqual(['source-estimate'])
  })
})
