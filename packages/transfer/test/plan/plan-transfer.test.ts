import { describe, expect, it } from '@jest/globals'
import { type Image, type UploadLimits } from '@imago/core'
import { withoutOperations } from '@imago/core/provider'
import { schemas } from '@imago/schema-image'
import { bareImage, createMemorySource } from '@imago/testkit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import type { ArchiveFacts, SourceFacts } from '../../src/facts/source-facts.ts'
import { findBlockers, planTransfer } from '../../src/plan/plan-transfer.ts'
import type { PreflightCheckName, Plan } from '../../src/plan/plan.ts'
import { readPlan } from '../../src/plan/read-plan.ts'
import { computeImageId, uuid5 } from '../../src/plan/uuid.ts'
import type { TransferSource, TransferTarget, TransferOverrides } from '../../src/plan/transfer-input.ts'
import { DISK_RULES, FILE_RULES } from '../rules.ts'

const files = createMemorySource({}).capabilities
const disks = withoutOperations(createMemorySource({ disks: true }).capabilities, ['setVisibility', 'hide'])
const GLANCE = {
  ...files,
  changes: ['name', 'description', 'tags', 'properties', 'minDisk', 'minRam'],
  metadata: FILE_RULES,
} as const
const HETZNER = { ...disks, changes: ['description', 'labels', 'kind'], metadata: DISK_RULES } as const

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
const leaving = (bytes: number): UploadLimits => ({ ...UNTOLD, bytes: { used: 500, limit: 500 + bytes, unit: 1 } })

const digest = { algorithm: 'sha512', value: 'ab', of: 'stored', assertedBy: 'provider' } as const
const qcow2: Image = bareImage('one', {
  name: 'debian-12',
  status: 'available',
  visibility: 'private',
  architecture: 'x86_64',
  format: { disk: 'qcow2', container: 'bare' },
  size: { stored: 300e6, virtual: 2e9, minDisk: null, minRam: null },
  digests: [digest],
  updatedAt: '2026-01-01T00:00:00Z',
  properties: { os_distro: 'debian' },
  tags: ['lts'],
})
const snapshot: Image = bareImage('42', {
  description: 'web',
  status: 'available',
  kind: 'snapshot',
  architecture: 'aarch64',
  size: { stored: 600e6, virtual: 20_480_000_000, minDisk: 20_480_000_000, minRam: null },
  labels: { role: 'web' },
})

const fromGlance = (image: Partial<Image> = {}): TransferSource => ({
  kind: 'image',
  image: { ...qcow2, ...image },
  capabilities: GLANCE,
})
const fromHetzner = (image: Partial<Image> = {}): TransferSource => ({
  kind: 'image',
  image: { ...snapshot, ...image },
  capabilities: HETZNER,
})
const toGlance = (more: Partial<Extract<TransferTarget, { kind: 'cloud' }>> = {}): TransferTarget => ({
  kind: 'cloud',
  cloud: { provider: 'openstack', cloud: 'lab', region: null },
  capabilities: GLANCE,
  ...more,
})
const toHetzner = (more: Partial<Extract<TransferTarget, { kind: 'cloud' }>> = {}): TransferTarget => ({
  kind: 'cloud',
  cloud: { provider: 'hetzner', cloud: 'prod', region: null },
  capabilities: HETZNER,
  ...more,
})
const toFile: TransferTarget = { kind: 'file', path: '/tmp/copy' }

const ajv = new Ajv2020({ strict: true, allErrors: true, schemas: Object.values(schemas) })
const findFaults = (plan: Plan): unknown => {
  const validate = ajv.getSchema('urn:imago:schema:plan:3')
  return validate?.(JSON.parse(JSON.stringify(plan))) === true ? [] : validate?.errors
}
const listChecks = ({ checks }: Plan, effect: 'blocks' | 'warns'): readonly PreflightCheckName[] =>
  checks.filter((check) => check.effect === effect).map(({ check }) => check)
const listSteps = ({ steps }: Plan): readonly string[] => steps.map(({ step }) => step)

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

  it('returns a plan that readPlan refuses once it was changed', () => {
    const plan = planTransfer(fromGlance(), toHetzner())
    expect(
      readPlan({ ...plan, target: { ...plan.target, cloud: { provider: 'hetzner', cloud: 'other', region: null } } }),
    ).toMatchObject({ left: { _tag: 'Rejected' } })
    expect(readPlan({ ...plan, request: { ...plan.request, name: 'other' } })).toMatchObject({
      left: { _tag: 'Rejected' },
    })
    for (const nonsense of [
      null,
      {},
      [],
      { ...plan, $schema: 'urn:imago:schema:plan:99' },
      { ...plan, steps: [{ step: 'fly' }] },
    ])
      expect(readPlan(nonsense)).toMatchObject({ left: { _tag: 'DecodeFailed' } })
    expect(readPlan({ ...plan, $schema: 'urn:imago:schema:plan:1' })).toMatchObject({
      left: { _tag: 'DecodeFailed', what: expect.stringContaining('earlier version'), hint: 'Create a new plan' },
    })
  })

  it.each<readonly [string, (plan: Plan) => Plan]>([
    [
      'without the check that blocks',
      (plan) => ({ ...plan, checks: plan.checks.filter(({ effect }) => effect !== 'blocks') }),
    ],
    ['without its checks', (plan) => ({ ...plan, checks: [] })],
    [
      'without a check that warns',
      (plan) => ({ ...plan, checks: plan.checks.filter(({ effect }) => effect !== 'warns') }),
    ],
    [
      'with a blocking check changed to a warning',
      (plan) => ({ ...plan, checks: plan.checks.map((check) => ({ ...check, effect: 'warns' })) }),
    ],
    ['with a stronger verification', (plan) => ({ ...plan, verification: 'digest-match' })],
    ['with a weaker verification', (plan) => ({ ...plan, verification: 'unverified' })],
    [
      'with lost fields marked as kept',
      (plan) => ({ ...plan, fields: plan.fields.map((field) => ({ ...field, disposition: 'kept' })) }),
    ],
    [
      'with another cost',
      (plan) => ({ ...plan, estimate: { ...plan.estimate, once: [{ amount: '0', currency: 'EUR' }] } }),
    ],
    ['with fewer steps', (plan) => ({ ...plan, steps: plan.steps.filter(({ step }) => step !== 'verify') })],
  ])('returns a plan that readPlan refuses %s', (_, change) => {
    const plan = planTransfer(
      fromGlance(),
      toGlance({ capabilities: { ...GLANCE, digests: [] }, limits: leaving(1000) }),
    )
    expect(plan.verification).toBe('digest-declared')
    expect(readPlan(plan)).toEqual(E.right(plan))
    expect(readPlan(change(plan))).toMatchObject({
      left: { _tag: 'Rejected', what: expect.stringContaining('was changed after it was created') },
    })
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

  describe('planTransfer of an archive', () => {
    const machine = {
      name: 'web',
      osType: 'debian12_64Guest',
      osId: 96,
      firmware: 'uefi',
      secureBoot: null,
      cpus: 2,
      memory: 2 ** 31,
    } as const
    const inside: ArchiveFacts = {
      member: 'web.vmdk',
      digest: { algorithm: 'sha256', value: 'ab' },
      machine,
      capacity: 2 ** 34,
      problem: null,
    }
    const ova = (archive: Partial<ArchiveFacts> = {}, facts: Partial<SourceFacts> = {}): TransferSource => ({
      kind: 'file',
      path: '/images/web.ova',
      size: 1000,
      modifiedAt: null,
      facts: {
        compression: null,
        archive: { ...inside, ...archive },
        format: 'vmdk',
        virtualSize: 2 ** 34,
        refusal: null,
        ...facts,
      },
    })

    it('extracts the disk, and uses the metadata of its OVF', () => {
      const plan = planTransfer(ova(), toGlance())
      expect(plan.format).toEqual({
        from: 'vmdk',
        to: 'vmdk',
        compression: null,
        archive: { kind: 'tar', member: 'web.vmdk', isNamed: false, digest: inside.digest, machine },
        convert: false,
        virtualSize: 2 ** 34,
      })
      expect(plan.request).toEqual({
        name: 'web',
        diskFormat: 'vmdk',
        architecture: 'x86_64',
        minDisk: 2 ** 34,
        minRam: 2 ** 31,
        properties: { hw_firmware_type: 'uefi', os_distro: 'debian', os_type: 'linux', os_version: '12' },
      })
      expect(listSteps(plan)).toEqual(['inspect', 'extract', 'create', 'upload', 'verify'])
      expect(plan.fields).toContainEqual({
        field: 'boot.firmware',
        entry: null,
        disposition: 'translated',
        from: 'uefi',
        to: 'hw_firmware_type=uefi',
        reason: 'as a property',
      })
      expect(findFaults(plan)).toEqual([])
      expect(readPlan(JSON.parse(JSON.stringify(plan)))).toEqual(E.right(plan))
      expect(listSteps(planTransfer(ova(), toHetzner()))).toEqual(['inspect', 'extract', 'convert', 'upload', 'verify'])
      expect(listChecks(planTransfer(ova(), toHetzner()), 'blocks')).toEqual([])
    })

    it('prefers overrides to the OVF', () => {
      expect(
        planTransfer(ova(), toGlance(), { properties: { os_distro: 'ubuntu' }, minRam: 5, architecture: 'aarch64' })
          .request,
      ).toMatchObject({ minRam: 5, architecture: 'aarch64', properties: { os_distro: 'ubuntu', os_type: 'linux' } })
    })

    it('returns different IDs for another member, digest or machine', () => {
      const ids = [ova(), ova({ member: 'other.vmdk' }), ova({ digest: null }), ova({ machine: null })].map(
        (source) => planTransfer(source, toGlance()).id,
      )
      expect(new Set([...ids, planTransfer(ova(), toGlance(), { member: 'web.vmdk' }).id]).size).toBe(5)
    })

    it('blocks if the disk is ambiguous, with no other check', () => {
      const plan = planTransfer(
        ova({ member: null, problem: 'there are 2 disks in it: a, b' }, { format: null, virtualSize: null }),
        toGlance(),
      )
      expect(findBlockers(plan)).toEqual([
        {
          check: 'archive',
          effect: 'blocks',
          what: 'the disk in the archive cannot be determined: there are 2 disks in it: a, b',
          hint: 'Choose the file of the archive that is the disk',
          changes: [{ parameter: 'member', values: [] }],
        },
      ])
    })

    it('recognizes an archive by its URL, or by its container format', () => {
      const url = (path: string): Plan['format'] =>
        planTransfer({ kind: 'url', url: `https://images.test/${path}`, size: 5, etag: null }, toGlance()).format
      const archive = { kind: 'tar', member: null, isNamed: false, digest: null, machine: null }
      expect(url('disk.raw.tar.gz')).toMatchObject({ from: 'raw', compression: 'gzip', archive })
      expect(url('disk.tar.xz')).toMatchObject({ from: null, compression: 'xz', archive })
      expect(url('web.ova')).toMatchObject({ from: null, compression: null, archive })
      expect(url('a.tgz')).toMatchObject({ compression: 'gzip', archive })
      expect(url('a.raw.gz')).not.toHaveProperty('archive')
      const glance = fromGlance({ format: { disk: 'vmdk', container: 'ova' } })
      expect(planTransfer(glance, toHetzner()).format).toMatchObject({ from: 'vmdk', to: 'raw', archive })
      expect(planTransfer(glance, toGlance()).format).not.toHaveProperty('archive')
      expect(planTransfer(glance, toGlance()).request).toMatchObject({ containerFormat: 'ova' })
      expect(planTransfer(glance, toGlance(), { archive: 'tar' })).toMatchObject({
        format: { archive },
        request: { containerFormat: 'bare' },
      })
    })

    it('follows the archive override', () => {
      const url: TransferSource = { kind: 'url', url: 'https://images.test/a.raw.tar', size: 5, etag: null }
      expect(planTransfer(url, toGlance(), { archive: 'none', sourceFormat: 'raw' }).format).not.toHaveProperty(
        'archive',
      )
      expect(
        listChecks(planTransfer(url, toGlance(), { archive: 'none', member: 'x', sourceFormat: 'raw' }), 'blocks'),
      ).toEqual(['archive'])
      expect(
        listChecks(
          planTransfer(
            {
              ...ova(),
              facts: { compression: null, archive: null, format: 'vmdk', virtualSize: 5, refusal: null },
            } as TransferSource,
            toGlance(),
            { archive: 'tar' },
          ),
          'blocks',
        ),
      ).toEqual(['archive'])
    })
  })

  it('warns about an encrypted image, and does not transfer its keys', () => {
    const names = ['secret_key_id', 'secret_key_policy']
    const encrypted = Object.fromEntries(names.map((name) => [name, 'x']))
    for (const target of [toGlance(), toHetzner()]) {
      const plan = planTransfer(fromGlance({ properties: { ...encrypted, os_distro: 'debian' } }), target)
      expect(listChecks(plan, 'warns')).toContain('encryption')
      expect(JSON.stringify(plan.request)).not.toContain('secret_key')
      expect(plan.fields.filter(({ entry }) => entry !== null && names.includes(entry))).toEqual(
        names.map((entry) =>
          expect.objectContaining({ entry, disposition: 'lost', reason: expect.stringContaining('key') }),
        ),
      )
    }
    expect(listChecks(planTransfer(fromGlance(), toGlance()), 'warns')).not.toContain('encryption')
    const disk = planTransfer({ kind: 'file', path: '/images/disk.luks', size: 4096, modifiedAt: null }, toGlance(), {
      sourceFormat: 'luks',
    })
    expect(listChecks(disk, 'warns')).toContain('encryption')
    expect(disk).toMatchObject({ format: { from: 'luks', to: 'raw', convert: false }, request: { diskFormat: 'raw' } })
  })

  it('blocks the conversion of an encrypted qcow2', () => {
    const facts = {
      compression: null,
      archive: null,
      format: 'qcow2',
      virtualSize: 4096,
      isEncrypted: true,
      refusal: null,
    } as const
    const encrypted: TransferSource = { kind: 'file', path: '/images/disk.qcow2', size: 4096, modifiedAt: null, facts }
    expect(listChecks(planTransfer(encrypted, toGlance()), 'blocks')).toEqual([])
    expect(listChecks(planTransfer(encrypted, toGlance()), 'warns')).toContain('encryption')
    expect(findBlockers(planTransfer(encrypted, toGlance(), { diskFormat: 'raw' }))).toEqual([
      {
        check: 'conversion',
        effect: 'blocks',
        what: 'the qcow2 is encrypted, and cannot be converted without its key',
        hint: 'Decrypt it first with qemu-img convert and its key',
      },
    ])
    expect(listChecks(planTransfer(encrypted, toHetzner()), 'blocks')).toContain('conversion')
  })

  it('warns if the content type of a URL is not a disk', () => {
    const of = (contentType: string | null): readonly PreflightCheckName[] =>
      listChecks(
        planTransfer(
          { kind: 'url', url: 'https://images.test/debian.raw', size: 512, etag: null, contentType },
          toGlance(),
        ),
        'warns',
      )
    expect(of('text/html; charset=utf-8')).toContain('source-content')
    expect(of('application/octet-stream')).not.toContain('source-content')
    expect(of('text/plain')).not.toContain('source-content')
    expect(of(null)).not.toContain('source-content')
  })

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
        blockers(
          seen({ format: null, refusal: { check: 'backing_file', what: 'it names a backing file', hint: 'x' } }),
        ),
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

describe('uuid5', () => {
  it('returns the UUID of RFC 9562, appendix A.4', () => {
    expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    )
    expect(computeImageId('2ed6657d-e927-568b-95e1-2665a8aea6a2', 0)).not.toBe(
      computeImageId('2ed6657d-e927-568b-95e1-2665a8aea6a2', 1),
    )
  })
})
