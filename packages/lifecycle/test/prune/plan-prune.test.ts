import { describe, expect, it } from '@jest/globals'
import type { CloudObservation, Completeness, Image, UsageEdge } from '@imago/core'
import { bareImage, type ImageValues } from '@imago/testkit'
import fc from 'fast-check'
import { planPrune, type PruneOptions } from '../../src/index.ts'

const CLOUD = { provider: 'memory', cloud: 'prod', region: null } as const

const snapshot = (id: string, fields: ImageValues = {}): Image =>
  bareImage(
    id,
    { kind: 'snapshot', status: 'available', visibility: 'private', owner: 'mine', protected: false, ...fields },
    CLOUD,
  )

const usedBy = (id: string): UsageEdge => ({
  image: { ...CLOUD, id },
  by: { kind: 'server', id: 's1', name: 'web-1' },
  relation: 'uses',
  via: 'servers[].image.id',
  evidence: 'declared',
  dependsOn: false,
})

interface Seen {
  readonly images: readonly Image[]
  readonly edges?: readonly UsageEdge[]
  readonly listing?: Completeness
  readonly servers?: Completeness
}

const toReason = (completeness: Completeness): string | null => (completeness === 'read' ? null : 'test')

const createCloud = ({ images, edges = [], listing = 'read', servers = 'read' }: Seen): CloudObservation => ({
  cloud: CLOUD,
  images: { items: images, completeness: listing, reason: toReason(listing) },
  usage: {
    edges,
    sources: [{ name: 'servers', completeness: servers, reason: toReason(servers) }],
    view: { kind: 'project', project: 'mine', shared: [] },
  },
  prices: { prices: null, completeness: 'unsupported', reason: 'test' },
})

const ALL: PruneOptions = { isSelected: () => true }

const decide = (seen: Seen, options: Partial<PruneOptions> = {}): readonly string[] =>
  planPrune(createCloud(seen), { ...ALL, ...options }).map(
    ({ image, action, reasons }) => `${image.ref.id} ${action}: ${reasons.join(', ')}`,
  )

const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}T00:00:00Z`

describe('planPrune', () => {
  it('deletes selected images that are unused and unprotected', () => {
    expect(decide({ images: [snapshot('1')] })).toEqual(['1 delete: selected'])
  })

  it('has no row for an image that is not selected', () => {
    const images = [snapshot('1'), snapshot('2')]
    expect(decide({ images }, { isSelected: ({ ref }) => ref.id === '2' })).toEqual(['2 delete: selected'])
  })

  it("keeps the images of other projects if an administrator sees everyone's use", () => {
    const cloud = createCloud({ images: [snapshot('1'), snapshot('2', { owner: 'other' })] })
    const seen = { ...cloud, usage: { ...cloud.usage, view: { kind: 'everyone', project: 'mine' } as const } }
    expect(planPrune(seen, ALL).map(({ action, reasons }) => [action, ...reasons])).toEqual([
      ['delete', 'selected'],
      ['keep', 'not-owned'],
    ])
  })

  it.each<[string, ImageValues, string]>([
    ['a protected image', { protected: true }, 'protected'],
    ['an image of another project', { owner: 'other' }, 'usage-unknown, not-owned'],
    ['an image that other projects can use', { visibility: 'public' }, 'usage-unknown'],
    ["the provider's image", { kind: 'system' }, 'provider-image'],
    ["the provider's application", { kind: 'app' }, 'provider-image'],
    ['an image that is being created', { status: 'pending' }, 'in-progress'],
    ['an image that is being deleted', { status: 'deleting' }, 'in-progress'],
  ])('keeps %s', (_, fields, reasons) => {
    expect(decide({ images: [snapshot('1', fields)] })).toEqual([`1 keep: ${reasons}`])
  })

  it('keeps a used image', () => {
    expect(decide({ images: [snapshot('1')], edges: [usedBy('1')] })).toEqual(['1 keep: used'])
  })

  it('keeps a locked image', () => {
    expect(decide({ images: [snapshot('1')] }, { isLocked: () => true })).toEqual(['1 keep: locked'])
  })

  it('does not keep an image for the server that it was created from', () => {
    const edges = [{ ...usedBy('1'), relation: 'origin' as const }]
    expect(decide({ images: [snapshot('1')], edges })).toEqual(['1 delete: selected'])
  })

  it('deletes a failed image', () => {
    expect(decide({ images: [snapshot('1', { status: 'failed' })] })).toEqual(['1 delete: selected'])
  })

  it('deletes only what the retention policy does not keep', () => {
    const images = [1, 2, 3].map((number) => snapshot(String(number), { createdAt: day(number) }))
    expect(decide({ images }, { retention: { newest: 1 } })).toEqual([
      '1 delete: not-kept',
      '2 delete: not-kept',
      '3 keep: newest',
    ])
  })

  it('applies the policy to each group', () => {
    const images = [
      snapshot('1', { createdAt: day(1), labels: { role: 'web' } }),
      snapshot('2', { createdAt: day(2), labels: { role: 'web' } }),
      snapshot('3', { createdAt: day(1), labels: { role: 'db' } }),
    ]
    expect(decide({ images }, { retention: { newest: 1 }, grouping: { by: 'label', key: 'role' } })).toEqual([
      '1 delete: not-kept',
      '2 keep: newest',
      '3 keep: newest',
    ])
  })

  it('does not count a failed image for the policy', () => {
    const images = [snapshot('1', { createdAt: day(1) }), snapshot('2', { createdAt: day(2), status: 'failed' })]
    expect(decide({ images }, { retention: { newest: 1 } })).toEqual(['1 keep: newest', '2 delete: not-kept'])
  })

  it('keeps an image of unknown age when the policy counts by age', () => {
    expect(decide({ images: [snapshot('1')] }, { retention: { daily: 1 } })).toEqual(['1 keep: age-unknown'])
  })

  const completeness = fc.constantFrom<Completeness>('read', 'forbidden', 'unsupported', 'failed')
  const image = fc.record({
    id: fc.nat(9).map(String),
    owner: fc.constantFrom('mine', 'other', null),
    visibility: fc.constantFrom('private' as const, 'shared' as const, 'public' as const),
    protected: fc.constantFrom(true, false, null),
    createdAt: fc.nat(27).map((number) => day(number + 1)),
    status: fc.constantFrom('available' as const, 'failed' as const, 'pending' as const),
  })
  const seen = fc.record({
    images: fc
      .uniqueArray(image, { selector: ({ id }) => id })
      .map((all) => all.map(({ id, ...fields }) => snapshot(id, fields))),
    edges: fc.array(
      fc.nat(9).map((id) => usedBy(String(id))),
      { maxLength: 5 },
    ),
    listing: completeness,
    servers: completeness,
  })
  const retention = fc.option(fc.record({ newest: fc.nat(3), weekly: fc.nat(3) }), { nil: undefined })

  it('never deletes images that are used, protected or owned by others', () => {
    fc.assert(
      fc.property(seen, retention, (cloud, policy) => {
        for (const {
          image: { ref, owner, protected: isProtected },
          action,
        } of planPrune(createCloud(cloud), { ...ALL, retention: policy })) {
          if (action === 'keep') continue
          expect(cloud.edges.map((edge) => edge.image.id)).not.toContain(ref.id)
          expect(isProtected).not.toBe(true)
          expect(owner).toBe('mine')
        }
      }),
    )
  })

  it('deletes nothing unless images and every edge source were read', () => {
    fc.assert(
      fc.property(seen, retention, (cloud, policy) => {
        fc.pre(cloud.listing !== 'read' || cloud.servers !== 'read')
        const rows = planPrune(createCloud(cloud), { ...ALL, retention: policy })
        expect(rows.filter(({ action }) => action === 'delete')).toEqual([])
      }),
    )
  })

  it('has one row, with a reason, for each selected image', () => {
    fc.assert(
      fc.property(seen, retention, (cloud, policy) => {
        const rows = planPrune(createCloud(cloud), { ...ALL, retention: policy })
        expect(rows.map((row) => row.image.ref.id).toSorted()).toEqual(cloud.images.map(({ ref }) => ref.id).toSorted())
        for (const { reasons } of rows) expect(reasons.length).toBeGreaterThan(0)
      }),
    )
  })
})
