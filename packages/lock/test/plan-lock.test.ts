import { describe, expect, it } from '@jest/globals'
import type { CloudIdentity, Image } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import {
  cloudKey,
  cloudsToObserve,
  createLock,
  createRequirement,
  EMPTY_LOCK,
  parseWant,
  planLock,
  printLock,
  type Lock,
  type LockPlan,
  type LockTarget,
  type Observations,
  type ObservedCloud,
  type Update,
  type RequirementOptions,
} from '../src/index.ts'
import { NOW, observed, OWNED, PLAIN, usable } from './clouds.ts'

const target = (
  image: string,
  text: string,
  options: RequirementOptions = {},
  cloud: CloudIdentity = PLAIN,
): LockTarget => {
  const want = parseWant(text)
  if (E.isLeft(want)) throw new Error(want.left)
  return { image, on: cloud.cloud ?? '', cloud, requirement: createRequirement(want.right, options) }
}

interface Planned {
  readonly lock?: Lock
  readonly update?: Update
  readonly deny?: readonly string[]
}

const seen = (...clouds: readonly ObservedCloud[]): Observations =>
  new Map(clouds.map((one) => [cloudKey(one.cloud), one]))

const plan = (
  targets: readonly LockTarget[],
  observations: Observations,
  { lock = EMPTY_LOCK, update = 'none', deny = [] }: Planned = {},
): LockPlan => planLock({ targets, lock, update, deny }, observations, NOW)

const listKinds = ({ changes }: LockPlan) =>
  changes.map(({ kind, before, after }) => `${kind} ${(after ?? before)?.id}`)

const UBUNTU = 'ubuntu@24.04/amd64'
const WEB = target('web', UBUNTU)
const old = usable('1', { name: 'ubuntu-24.04' })
const newer = usable('2', { name: 'ubuntu-24.04', createdAt: '2026-06-01T00:00:00Z' })
const locked = plan([WEB], seen(observed([old]))).lock

describe('planLock', () => {
  it('adds a missing pin', () => {
    const { lock, changes, problems } = plan([WEB], seen(observed([old])))
    expect(changes).toHaveLength(1)
    expect(problems).toEqual([])
    expect(lock.pins).toEqual([
      {
        image: 'web',
        on: 'production',
        want: 'ubuntu@24.04/x86_64',
        where: '',
        provider: 'plain',
        cloud: 'production',
        region: null,
        id: '1',
        name: 'ubuntu-24.04',
        kind: 'system',
        owner: null,
        os: { distro: 'ubuntu', version: '24.04' },
        architecture: 'x86_64',
        createdAt: '2026-01-01T00:00:00Z',
        unavailableAfter: null,
        digest: null,
        identity: 'sha256:37b31c9be62ebb5c9dd6a6d28fc23ed7436fd75c44ecc8ae741089529eb6ad76',
        pin: 'id-only',
      },
    ])
  })

  it('keeps a pin without reading its cloud', () => {
    expect(cloudsToObserve({ targets: [WEB], lock: locked, update: 'none', deny: [] })).toEqual([])
    const { lock, changes } = plan([WEB], new Map(), { lock: locked })
    expect(lock).toEqual(locked)
    expect(changes.map(({ kind }) => kind)).toEqual(['kept'])
  })

  it('removes a pin without a requirement', () =>
    expect(listKinds(plan([], new Map(), { lock: locked }))).toEqual(['removed 1']))

  it.each<Update>(['all', new Set(['web'])])('updates a pin on request: %s', (update) => {
    expect(cloudsToObserve({ targets: [WEB], lock: locked, update, deny: [] })).toEqual([PLAIN])
    expect(listKinds(plan([WEB], seen(observed([old, newer])), { lock: locked, update }))).toEqual(['updated 2'])
  })

  it('refreshes the facts of an image that an update keeps', () => {
    const dying = { ...old, unavailableAfter: '2027-06-01T00:00:00Z' }
    const { changes } = plan([WEB], seen(observed([dying])), { lock: locked, update: 'all' })
    expect(changes).toMatchObject([{ kind: 'refreshed', after: { id: '1', unavailableAfter: '2027-06-01T00:00:00Z' } }])
  })

  it('keeps the image of a changed requirement if it still matches', () => {
    const images = seen(observed([old, newer]))
    const stricter = target('web', UBUNTU, { livesAtLeast: '30d' })
    expect(listKinds(plan([stricter], images, { lock: locked }))).toEqual(['refreshed 1'])
    const other = target('web', UBUNTU, { ageAtLeast: '30d' })
    const young = seen(observed([{ ...old, createdAt: '2026-11-20T00:00:00Z' }, newer]))
    expect(listKinds(plan([other], young, { lock: locked }))).toEqual(['updated 2'])
  })

  it('replaces a denied image', () => {
    const deny = ['production:id:1']
    expect(listKinds(plan([WEB], seen(observed([old, newer])), { lock: locked, deny }))).toEqual(['updated 2'])
  })

  it('changes the name of a cloud without reading it', () => {
    const renamed = { ...WEB, on: 'plain/production' }
    const { lock, problems } = plan([renamed], new Map(), { lock: locked })
    expect(problems).toEqual([])
    expect(lock.pins.map(({ on }) => on)).toEqual(['plain/production'])
  })

  it('reports a requirement that it cannot resolve, and keeps its pin', () => {
    const request = { lock: locked, update: 'all' as const }
    const ambiguous = plan([WEB], seen(observed([old, { ...newer, owner: 'x' }])), request)
    expect(ambiguous.lock).toEqual(locked)
    expect(ambiguous.problems).toMatchObject([{ kind: 'unresolved', resolution: { outcome: 'ambiguous' } }])
    const none = plan([WEB], seen(observed([])), request)
    expect(none.lock).toEqual(locked)
    expect(none.problems).toMatchObject([{ kind: 'unresolved', resolution: { outcome: 'none' } }])
  })

  it('changes nothing after an incomplete listing', () => {
    const { lock, problems } = plan([WEB], seen(observed([newer], { isComplete: false })), {
      lock: locked,
      update: 'all',
    })
    expect(lock).toEqual(locked)
    expect(problems).toEqual([{ target: WEB, kind: 'incomplete', reason: 'no connection' }])
  })

  describe('sets the guarantee of a pin:', () => {
    const digest = { algorithm: 'sha512', value: 'ab'.repeat(64), of: 'stored', assertedBy: 'provider' } as const
    const worth = (fields: Parameters<typeof usable>[1], immutableKinds: readonly Image['kind'][] = []) =>
      plan([target('web', 'id:1')], seen(observed([usable('1', fields)], { immutableKinds }))).lock.pins[0]?.pin

    it('digest for a digest of the provider', () => expect(worth({ digests: [digest] })).toBe('digest'))
    it('id-only for a digest of the uploader', () =>
      expect(worth({ digests: [{ ...digest, assertedBy: 'uploader' }] })).toBe('id-only'))
    it('id-only for a digest of unknown bytes', () =>
      expect(worth({ digests: [{ ...digest, of: 'unknown' }] })).toBe('id-only'))
    it('id-only for a digest with known collisions', () =>
      expect(worth({ digests: [{ ...digest, algorithm: 'md5' }] })).toBe('id-only'))
    it('immutable-id for a kind with immutable IDs', () => expect(worth({}, ['system'])).toBe('immutable-id'))
    it('id-only for another kind', () => expect(worth({}, ['snapshot'])).toBe('id-only'))
  })
})

describe('laws of planLock', () => {
  const image = fc
    .record({
      id: fc.integer({ min: 1, max: 20 }),
      version: fc.constantFrom('24.04', '22.04'),
      architecture: fc.constantFrom('x86_64', 'aarch64'),
      kind: fc.constantFrom<Image['kind']>('system', 'image', 'snapshot'),
      createdAt: fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', null),
      status: fc.constantFrom<Image['status']>('available', 'available', 'unavailable'),
    })
    .map(({ id, version, ...fields }) => ({ id, fields: { ...fields, os: { distro: 'ubuntu', version } } }))
  const images = fc.uniqueArray(image, { selector: ({ id }) => id, maxLength: 10 })
  const targets = fc.uniqueArray(
    fc
      .record({
        image: fc.constantFrom('web', 'db', 'job'),
        text: fc.constantFrom(UBUNTU, 'ubuntu@22.04/arm64', 'ubuntu@24.04', 'id:3'),
        cloud: fc.constantFrom(PLAIN, OWNED),
      })
      .map(({ image: name, text, cloud }) => target(name, text, {}, cloud)),
    { selector: ({ image: name, cloud }) => `${name} ${cloudKey(cloud)}`, maxLength: 6 },
  )
  type Images = readonly (typeof images extends fc.Arbitrary<infer A> ? A : never)[number][]
  const world = (all: Images, isComplete = true): Observations =>
    seen(
      observed(
        all.map(({ id, fields }) => usable(String(id), fields)),
        { isComplete },
      ),
      observed(
        all.map(({ id, fields }) => usable(String(id), { ...fields, owner: 'me' }, OWNED)),
        { cloud: OWNED, project: 'me', isComplete },
      ),
    )

  it('returns the same lock for any order of the listing', () => {
    fc.assert(
      fc.property(
        images.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        targets.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([listed, shuffled], [wanted, others]) => {
          const one = plan(wanted, world(listed))
          const other = plan(others, world(shuffled))
          expect(printLock(other.lock)).toBe(printLock(one.lock))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('returns an existing lock unchanged for any listing', () => {
    fc.assert(
      fc.property(targets, images, images, fc.boolean(), (wanted, before, after, isComplete) => {
        const { lock, problems } = plan(wanted, world(before))
        const again = plan(
          wanted.filter((one) => !problems.some((problem) => problem.target === one)),
          world(after, isComplete),
          { lock },
        )
        expect(printLock(again.lock)).toBe(printLock(lock))
        expect(again.problems).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('removes and changes no pin after an incomplete listing', () => {
    fc.assert(
      fc.property(targets, images, images, fc.constantFrom<Update>('none', 'all'), (wanted, before, after, update) => {
        const { lock } = plan(wanted, world(before))
        expect(printLock(plan(wanted, world(after, false), { lock, update }).lock)).toBe(printLock(lock))
      }),
      { numRuns: 500 },
    )
  })

  it('removes no pin with a requirement for any listing', () => {
    fc.assert(
      fc.property(targets, images, images, (wanted, before, after) => {
        const { lock } = plan(wanted, world(before))
        const updated = plan(wanted, world(after), { lock, update: 'all' }).lock
        const listKeys = ({ pins }: Lock) => pins.map((pin) => `${pin.image} ${cloudKey(pin)}`)
        expect(listKeys(updated)).toEqual(expect.arrayContaining(listKeys(lock)))
      }),
      { numRuns: 500 },
    )
  })

  it('returns the lock of its pins', () => {
    expect(createLock(locked.pins)).toEqual(locked)
  })
})
