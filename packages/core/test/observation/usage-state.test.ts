import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Image } from '../../src/image/image.ts'
import { READ, type Completeness } from '../../src/source/read-state.ts'
import { usageState } from '../../src/observation/usage-state.ts'
import type { EdgeSource, Usage, UsageEdge, UsageRelation, UsageView } from '../../src/source/usage.ts'
import { CLOUD, createImage } from '../paged-source.ts'

const EVERYONE: UsageView = { kind: 'everyone' }

const edgeTo = (id: string, relation: UsageRelation = 'uses'): UsageEdge => ({
  image: { ...CLOUD, id },
  by: { kind: 'server', id: 'server-1', name: 'web-1' },
  relation,
  via: 'servers[].image.id',
  evidence: 'declared',
  dependsOn: false,
})

const read = (name: string): EdgeSource => ({ name, ...READ })

const createUsage = (parts: Partial<Usage> = {}): { readonly usage: Usage } => ({
  usage: { edges: [], sources: [read('servers'), read('images')], view: EVERYONE, ...parts },
})

const IDS = ['a', 'b', 'c', 'd'] as const

const sourceStates: fc.Arbitrary<readonly EdgeSource[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('servers', 'volumes', 'images', 'members'),
    completeness: fc.constantFrom<Completeness>('read', 'read', 'forbidden', 'unsupported', 'failed'),
    reason: fc.constant(null),
  }),
  { selector: ({ name }) => name },
)

const views: fc.Arbitrary<UsageView> = fc.oneof(
  fc.constant(EVERYONE),
  fc.record({
    kind: fc.constant('project' as const),
    project: fc.constantFrom(null, 'mine'),
    shared: fc.option(fc.subarray([...IDS])),
  }),
)

const images: fc.Arbitrary<Image> = fc
  .record({
    id: fc.constantFrom(...IDS),
    visibility: fc.constantFrom('public', 'private', 'shared', 'community', 'unknown'),
    owner: fc.constantFrom(null, 'mine', 'theirs'),
  })
  .map(({ id, ...fields }) => createImage(id, fields))

const edges = fc.array(
  fc
    .tuple(fc.constantFrom(...IDS), fc.constantFrom<UsageRelation>('uses', 'bound', 'origin'))
    .map(([id, relation]) => edgeTo(id, relation)),
  { maxLength: 4 },
)

describe('usageState', () => {
  it('returns used, with the edges of the image', () => {
    expect(usageState(createImage('a'), createUsage({ edges: [edgeTo('a'), edgeTo('b')] }))).toEqual({
      state: 'used',
      edges: [edgeTo('a')],
    })
  })

  it('returns used even if a source was not read', () => {
    const sources: readonly EdgeSource[] = [{ name: 'servers', completeness: 'failed', reason: 'timeout' }]
    expect(usageState(createImage('a'), createUsage({ edges: [edgeTo('a')], sources })).state).toBe('used')
  })

  it('returns unused for the origin of an existing server', () => {
    expect(usageState(createImage('a'), createUsage({ edges: [edgeTo('a', 'origin')] }))).toEqual({
      state: 'unused',
      edges: [edgeTo('a', 'origin')],
    })
  })

  it('compares the whole ref: the same ID in another region is another image', () => {
    const elsewhere = { ...edgeTo('a'), image: { ...CLOUD, region: 'elsewhere', id: 'a' } }
    expect(usageState(createImage('a'), createUsage({ edges: [elsewhere] })).state).toBe('unused')
  })

  it('returns unknown with the reason of each source that was not read', () => {
    const sources: readonly EdgeSource[] = [
      read('servers'),
      { name: 'volumes', completeness: 'forbidden', reason: 'policy' },
    ]
    expect(usageState(createImage('a'), createUsage({ sources }))).toEqual({
      state: 'unknown',
      edges: [],
      reasons: [{ code: 'source-not-read', source: 'volumes', completeness: 'forbidden', reason: 'policy' }],
    })
  })

  it('returns unknown without any source', () => {
    expect(usageState(createImage('a'), createUsage({ sources: [] }))).toMatchObject({
      reasons: [{ code: 'no-sources' }],
    })
  })

  it.each([
    { visibility: 'private', owner: 'mine', shared: null, state: 'unused' },
    { visibility: 'private', owner: 'theirs', shared: [], state: 'unknown' },
    { visibility: 'public', owner: 'mine', shared: [], state: 'unknown' },
    { visibility: 'community', owner: 'mine', shared: [], state: 'unknown' },
    { visibility: 'unknown', owner: 'mine', shared: [], state: 'unknown' },
    { visibility: 'shared', owner: 'mine', shared: [], state: 'unused' },
    { visibility: 'shared', owner: 'mine', shared: ['a'], state: 'unknown' },
    { visibility: 'shared', owner: 'mine', shared: null, state: 'unknown' },
  ] as const)(
    'returns $state for a $visibility image of $owner, with the view of one project and shared $shared',
    ({ visibility, owner, shared, state }) => {
      const view: UsageView = { kind: 'project', project: 'mine', shared }
      expect(usageState(createImage('a', { visibility, owner }), createUsage({ view })).state).toBe(state)
    },
  )

  it('returns unused only if every source was read, every user is in view, and all edges are origins', () => {
    fc.assert(
      fc.property(images, edges, sourceStates, views, (image, all, sources, view) => {
        const { state } = usageState(image, createUsage({ edges: all, sources, view }))
        fc.pre(state === 'unused')
        expect(sources.length).toBeGreaterThan(0)
        expect(sources.filter(({ completeness }) => completeness !== 'read')).toEqual([])
        expect(all.filter((edge) => edge.image.id === image.ref.id && edge.relation !== 'origin')).toEqual([])
        const isInView = view.kind === 'everyone' || view.project === image.owner
        expect(isInView && (view.kind === 'everyone' || !['public', 'community'].includes(image.visibility))).toBe(true)
      }),
    )
  })

  it('does not return unused if any sources of an observation and their edges are lost', () => {
    const cases = fc.record({
      image: images,
      all: edges,
      view: views,
      lost: fc.subarray(['servers', 'volumes', 'images'], { minLength: 1 }),
    })
    fc.assert(
      fc.property(cases, fc.constantFrom<Completeness>('forbidden', 'unsupported', 'failed'), (given, completeness) => {
        const { image, all, view, lost } = given
        const names = ['servers', 'volumes', 'images']
        const sources = names.map((name): EdgeSource =>
          lost.includes(name) ? { name, completeness, reason: 'lost' } : read(name),
        )
        // Any edges may be missing, whichever source they came from.
        const kept = all.filter((_, at) => at % lost.length !== 0)
        expect(usageState(image, createUsage({ edges: kept, sources, view })).state).not.toBe('unused')
      }),
    )
  })
})
