import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { planTransfer } from '../../src/plan/plan-transfer.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { readPlan } from '../../src/plan/read-plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides } from '../../src/plan/transfer-input.ts'
import {
  GLANCE,
  leaving,
  fromGlance,
  fromHetzner,
  toGlance,
  toHetzner,
  toFile,
  findFaults,
  listChecks,
  listSteps,
} from './planned-transfers.ts'

const sources = fc.constantFrom<TransferSource>(
  fromGlance(),
  fromGlance({ format: { disk: null, container: null } }),
  fromGlance({ status: 'pending' }),
  fromHetzner(),
  fromHetzner({ architecture: null }),
  { kind: 'file', path: '/images/debian.qcow2.xz', size: 5, modifiedAt: '2026-01-01T00:00:00.000Z' },
  { kind: 'url', url: 'https://user:geheim@images.test/debian.raw?signature=geheim', size: null, etag: '"x"' },
)
const targets = fc.constantFrom<TransferTarget>(
  toGlance(),
  toHetzner(),
  toHetzner({ refusal: 'too large' }),
  toFile,
  toGlance({ capabilities: { ...GLANCE, operations: [] } }),
)
const overrides = fc.record<TransferOverrides>(
  {
    name: fc.string(),
    diskFormat: fc.constantFrom('raw', 'qcow2', 'odd'),
    sourceFormat: fc.constantFrom('raw', 'qcow2'),
    visibility: fc.constantFrom('private', 'public'),
    protect: fc.boolean(),
    labels: fc.dictionary(fc.string(), fc.string()),
    minDisk: fc.nat(),
  },
  { requiredKeys: [] },
)

describe('planTransfer', () => {
  it('returns the same valid plan each time, which can be read back and has no secrets', () => {
    fc.assert(
      fc.property(sources, targets, overrides, (source, target, overrides) => {
        const plan = planTransfer(source, target, overrides)
        expect(findFaults(plan)).toEqual([])
        expect(readPlan(JSON.parse(JSON.stringify(plan)))).toEqual(E.right(JSON.parse(JSON.stringify(plan))))
        expect(planTransfer(source, target, overrides)).toEqual(plan)
        expect(JSON.stringify(plan)).not.toContain('geheim')
      }),
    )
  })

  it('computes the ID from source, target and blocking checks, not from quotas and prices', () => {
    const [known, unknown, less] = [
      toGlance({ limits: leaving(1e12) }),
      toGlance(),
      toGlance({ limits: leaving(1e11) }),
    ].map((target) => planTransfer(fromGlance(), target))
    expect(unknown?.checks.map(({ check }) => check)).toContain('quota')
    expect(new Set([known?.id, unknown?.id, less?.id]).size).toBe(1)
    const priced = toHetzner({
      estimate: { resources: ['a server'], once: { amount: '1', currency: 'EUR' }, monthly: null },
    })
    expect(planTransfer(fromGlance(), priced).id).toBe(planTransfer(fromGlance(), toHetzner()).id)
    expect(planTransfer(fromGlance(), toGlance({ limits: leaving(1) })).id).not.toBe(known?.id)
    expect(planTransfer(fromGlance(), toGlance({ limits: leaving(1) })).id).toBe(
      planTransfer(fromGlance(), toGlance({ limits: leaving(2) })).id,
    )
    expect(planTransfer(fromGlance(), toGlance({ capabilities: { ...GLANCE, digests: [] } })).id).not.toBe(known?.id)
  })

  it('lists fields, steps, sizes and what an interruption means', () => {
    const plan = planTransfer(fromGlance(), toHetzner(), {}, { download: 50e6, upload: 50e6, local: 200e6 })
    expect(plan.request).toEqual({
      name: 'debian-12',
      description: 'debian-12',
      diskFormat: 'raw',
      architecture: 'x86_64',
      labels: { 'imago.tag/lts': '', 'imago.property/os_distro': 'debian', 'imago.field/described-by-name': '' },
    })
    expect(plan.fields.map(({ field, entry, disposition }) => [field, entry, disposition])).toEqual([
      ['ref.id', null, 'lost'],
      ['name', null, 'translated'],
      ['visibility', null, 'lost'],
      ['architecture', null, 'kept'],
      ['format.disk', null, 'translated'],
      ['format.container', null, 'kept'],
      ['size.virtual', null, 'kept'],
      ['digests', null, 'lost'],
      ['updatedAt', null, 'lost'],
      ['tags', 'lts', 'translated'],
      ['properties', 'os_distro', 'translated'],
    ])
    expect(listSteps(plan)).toEqual(['download', 'inspect', 'convert', 'upload', 'verify'])
    expect(plan.estimate).toMatchObject({ bytes: 2.3e9, seconds: 6 + 10 + 40, spoolBytes: 2.3e9 })
    expect(plan.steps.map(({ ifInterrupted }) => ifInterrupted)).toEqual([
      'continues at the last byte',
      'reads it again from the spool',
      'starts again from the spool',
      expect.stringContaining('from the spool'),
      'compares again',
    ])
    expect(listChecks(plan, 'blocks')).toEqual([])
  })

  it('keeps metadata between providers of files, and applies visibility last', () => {
    const plan = planTransfer(fromGlance({ visibility: 'shared', protected: true, hidden: true }), toGlance())
    expect(plan.request).toEqual({
      name: 'debian-12',
      diskFormat: 'qcow2',
      containerFormat: 'bare',
      architecture: 'x86_64',
      tags: ['lts'],
      properties: { os_distro: 'debian' },
    })
    expect(plan.finalSettings).toEqual({ visibility: 'shared', protect: true, hide: true })
    expect(listSteps(plan)).toEqual(['download', 'inspect', 'create', 'upload', 'verify', 'finish'])
    expect(plan.verification).toBe('digest-match')
  })

  it('expects a raw disk from a provider of disks', () => {
    const plan = planTransfer(fromHetzner(), toGlance(), { diskFormat: 'qcow2' })
    expect(plan.format).toEqual({
      from: 'raw',
      to: 'qcow2',
      compression: null,
      convert: true,
      virtualSize: 20_480_000_000,
    })
    expect(plan.source).toMatchObject({ exact: false })
    expect(plan.request).toMatchObject({
      name: 'web',
      description: 'web',
      architecture: 'aarch64',
      properties: { imago_label_role: 'web' },
    })
    expect(plan.steps[0]).toMatchObject({
      step: 'download',
      bytes: 20_480_000_000,
      seconds: 410,
      ifInterrupted: expect.stringContaining('with a new temporary server'),
    })
  })

  it('returns different IDs for URLs with different queries if there is no ETag', () => {
    const byQuery = (query: string, etag: string | null): Plan =>
      planTransfer({ kind: 'url', url: `https://images.test/get.php?image=${query}`, size: 5, etag }, toGlance())
    expect(byQuery('debian', null).id).not.toBe(byQuery('fedora', null).id)
    expect(byQuery('debian', null).id).toBe(byQuery('debian', null).id)
    expect(byQuery('debian', '"1"').id).toBe(byQuery('fedora', '"1"').id)
    expect(JSON.stringify(byQuery('geheim', null))).not.toContain('geheim')
    expect(readPlan(JSON.parse(JSON.stringify(byQuery('debian', null))))).toEqual(E.right(byQuery('debian', null)))
    expect(
      planTransfer({ kind: 'url', url: 'https://images.test/debian.raw', size: 5, etag: null }, toGlance()).source,
    ).not.toHaveProperty('query')
  })

  it("adds the provider's time to the estimate", () => {
    const estimate = { resources: ['a server'], once: null, monthly: null }
    const into = (seconds: object): Plan =>
      planTransfer(fromGlance(), toHetzner({ estimate: { ...estimate, ...seconds } }))
    const [plain, slow] = [into({}), into({ seconds: 180 })]
    expect(listSteps(slow).indexOf('upload')).toBe(3)
    expect(slow.estimate.seconds).toBe((plain.estimate.seconds ?? 0) + 180)
    expect(slow.steps.map(({ seconds }) => seconds)).toEqual(
      plain.steps.map(({ step, seconds }) => (step === 'upload' ? (seconds ?? 0) + 180 : seconds)),
    )
    // The ID of the plan does not depend on estimates.
    expect(slow.id).toBe(plain.id)
  })

  it('detects formats by file names, and writes only bytes to files', () => {
    const file = (path: string): Plan['format'] =>
      planTransfer({ kind: 'file', path, size: 5, modifiedAt: null }, toGlance()).format
    expect(file('/a/debian.qcow2')).toMatchObject({ from: 'qcow2', compression: null })
    expect(file('/a/debian.raw.xz')).toMatchObject({ from: 'raw', compression: 'xz' })
    expect(file('C:\\images\\debian.img.zst')).toMatchObject({ from: null, compression: 'zstd' })
    const plan = planTransfer(fromGlance(), toFile)
    expect(plan.request).toBeNull()
    expect(plan.fields.filter(({ disposition }) => disposition === 'translated')).toEqual([])
    expect(listSteps(plan)).toEqual(['download', 'inspect', 'store'])
    expect(
      planTransfer(
        { kind: 'url', url: 'https://images.test/debian-12.raw.gz?X-Amz-Signature=1', size: 5, etag: null },
        toGlance(),
      ),
    ).toMatchObject({
      source: { url: 'https://images.test/debian-12.raw.gz?…' },
      request: { name: 'debian-12' },
      format: { from: 'raw', compression: 'gzip' },
    })
  })
})
