import { describe, expect, it } from '@jest/globals'
import type { Image } from '@imago/core'
import type { ImageValues } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import {
  createRequirement,
  parseWant,
  resolve,
  type Resolution,
  type Requirement,
  type RequirementOptions,
} from '../src/index.ts'
import { NOW, observed, OWNED, usable, type ObservedOptions } from './clouds.ts'

const requirement = (text: string, options: RequirementOptions = {}): Requirement => {
  const want = parseWant(text)
  if (E.isLeft(want)) throw new Error(want.left)
  return createRequirement(want.right, options)
}

const findId = (resolution: Resolution): string | readonly string[] | null => {
  switch (resolution.outcome) {
    case 'resolved':
      return resolution.image.ref.id
    case 'ambiguous':
      return resolution.images.map(({ ref }) => ref.id)
    case 'none':
      return null
  }
}

const listReasons = ({ candidates }: Resolution): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    candidates.map(({ image, refusals }) => [image.ref.id, refusals.map(({ reason }) => reason)] as const),
  )

const on = (
  images: readonly Image[],
  wanted: Requirement,
  options: ObservedOptions = {},
  deny: readonly string[] = [],
) => resolve(wanted, observed(images, options), { deny, now: NOW })

describe('resolve', () => {
  describe('version', () => {
    const versions = (...all: readonly string[]): readonly Image[] =>
      all.map((version) => usable(version, { os: { distro: 'rocky', version } }))

    it.each([
      ['rocky@9', ['9', '90', '10'], '9'],
      ['rocky@9', ['9.4', '90'], '9.4'],
      ['rocky@9', ['9.4', '9'], '9'],
      ['rocky@9.4', ['9', '9.4', '9.40'], '9.4'],
      ['rocky@9.4', ['9'], null],
      ['rocky@9', ['9.4', '9.5'], ['9.4', '9.5']],
      ['rocky', ['9', '10'], ['10', '9']],
      ['rocky', ['9'], '9'],
    ])('%s of %j is %j', (text, all, id) => expect(findId(on(versions(...all), requirement(text)))).toEqual(id))
  })

  describe('refuses', () => {
    it.each<[string, ImageValues, RequirementOptions]>([
      ['wrong-arch', { architecture: 'aarch64' }, {}],
      ['evidence-too-low', { architecture: null }, {}],
      ['unavailable', { status: 'unavailable' }, {}],
      ['unavailable', { status: 'pending' }, {}],
      ['hidden', { hidden: true }, {}],
      ['wrong-kind', { kind: 'snapshot', visibility: 'private' }, {}],
      ['wrong-kind', { kind: 'app' }, {}],
      ['wrong-kind', { format: { disk: 'iso' } }, {}],
      ['dies-before', { unavailableAfter: '2026-11-22T12:00:00Z' }, {}],
      ['dies-before', { unavailableAfter: '2027-02-20T12:00:00Z' }, { livesAtLeast: '90d' }],
      ['too-young', { createdAt: '2026-11-15T12:00:00.5Z' }, { ageAtLeast: '7d' }],
      ['too-young', { createdAt: null }, { ageAtLeast: '7d' }],
      ['not-trusted', { visibility: 'shared' }, {}],
      ['not-trusted', { visibility: 'public' }, { trust: ['self'] }],
    ])('%s: %j %j', (reason, fields, options) => {
      const resolution = on([usable('1', fields)], requirement('ubuntu@24.04/amd64', options))
      expect(findId(resolution)).toBeNull()
      expect(listReasons(resolution)).toEqual({ 1: [reason] })
    })

    it('denied images, by any name of their cloud', () => {
      for (const cloud of ['demo', 'demo@one', 'owned/demo', 'owned/demo@one']) {
        const images = [usable('1', { owner: 'me' }, OWNED)]
        const resolution = on(images, requirement('ubuntu@24.04/amd64'), { cloud: OWNED, project: 'me' }, [
          `${cloud}:id:1`,
        ])
        expect(listReasons(resolution)).toEqual({ 1: ['denied'] })
      }
    })

    it('images whose wanted fields have weaker evidence than the requirement accepts', () => {
      const evidence = () => 'assumed' as const
      const images = [usable('1')]
      expect(listReasons(on(images, requirement('ubuntu@24.04/amd64'), { evidence }))).toEqual({
        1: ['evidence-too-low'],
      })
      expect(findId(on(images, requirement('ubuntu@24.04/amd64', { evidence: 'assumed' }), { evidence }))).toBe('1')
    })

    it('digests declared only by the uploader', () => {
      const value = 'ab'.repeat(32)
      const digest = (assertedBy: 'provider' | 'uploader') =>
        usable(assertedBy, { digests: [{ algorithm: 'sha256', value, of: 'stored', assertedBy }] })
      const resolution = on([digest('uploader'), digest('provider')], requirement(`digest:sha256:${value}`))
      expect(findId(resolution)).toBe('provider')
      expect(listReasons(resolution)).toEqual({ provider: [], uploader: ['evidence-too-low'] })
    })

    it('no image with exactly the required age and lifetime', () => {
      const fields = { unavailableAfter: '2027-02-20T12:00:01Z', createdAt: '2026-11-15T12:00:00Z' }
      expect(
        findId(on([usable('1', fields)], requirement('ubuntu@24.04/amd64', { livesAtLeast: '90d', ageAtLeast: '7d' }))),
      ).toBe('1')
    })

    it('a hidden image unless requested by its ID', () => {
      const images = [usable('1', { hidden: true, name: 'web' })]
      expect(findId(on(images, requirement('name:web')))).toBeNull()
      expect(findId(on(images, requirement('id:1')))).toBe('1')
    })
  })

  describe('with image owners, trusts', () => {
    const at = (owner: string | null, visibility: Image['visibility']) => [usable('1', { owner, visibility }, OWNED)]
    const trusted = (images: readonly Image[], options: RequirementOptions = {}, project: string | null = 'me') =>
      findId(on(images, requirement('id:1', options), { cloud: OWNED, project })) === '1'

    it('its own images', () => expect(trusted(at('me', 'private'))).toBe(true))
    it('its own community images', () => expect(trusted(at('me', 'community'))).toBe(true))
    it('no public image of an unnamed owner', () => expect(trusted(at('cloud-admin', 'public'))).toBe(false))
    it('no public image without an owner', () => expect(trusted(at(null, 'public'))).toBe(false))
    it('public images of a named owner', () =>
      expect(trusted(at('cloud-admin', 'public'), { trust: ['owner:cloud-admin'] })).toBe(true))
    it('no shared image of an unnamed owner', () => expect(trusted(at('partner', 'shared'))).toBe(false))
    it('shared images of a named owner', () =>
      expect(trusted(at('partner', 'shared'), { trust: ['owner:partner'] })).toBe(true))
    it('no community image of others, named or not', () =>
      expect(trusted(at('partner', 'community'), { trust: ['owner:partner', 'self', 'provider'] })).toBe(false))
    it('no own images without a project', () => expect(trusted(at(null, 'private'), {}, null)).toBe(false))
  })

  describe('prefers', () => {
    it.each<[string, ImageValues, ImageValues]>([
      [
        'images that are not deprecated',
        {},
        { deprecatedAt: '2026-11-01T00:00:00Z', createdAt: '2026-11-01T00:00:00Z' },
      ],
      ['system images', { kind: 'system' }, { kind: 'image', createdAt: '2026-11-01T00:00:00Z' }],
      ['the newest image', { createdAt: '2026-01-01T00:00:00.5Z' }, {}],
      ['images with a date', {}, { createdAt: null }],
    ])('%s', (_, better, worse) => {
      const images = [usable('2', better), usable('1', worse)]
      expect(findId(on(images, requirement('ubuntu@24.04/amd64')))).toBe('2')
    })

    it('declared to inferred evidence', () => {
      const evidence = ({ ref }: Image) => (ref.id === '2' ? ('declared' as const) : ('inferred' as const))
      const images = [usable('1', { createdAt: '2026-11-01T00:00:00Z' }), usable('2')]
      expect(findId(on(images, requirement('ubuntu@24.04/amd64'), { evidence }))).toBe('2')
    })

    it('the lower ID of two equal images', () =>
      expect(findId(on([usable('2'), usable('10')], requirement('ubuntu@24.04/amd64')))).toBe('10'))
  })

  describe('is ambiguous if two images differ in', () => {
    it.each<[string, string, ImageValues, ImageValues]>([
      ['architecture', 'ubuntu@24.04', {}, { architecture: 'aarch64' }],
      ['variant', 'ubuntu@24.04/amd64', { name: 'Ubuntu 24.04' }, { name: 'Ubuntu 24.04 minimal 20261001' }],
      ['owner', 'ubuntu@24.04/amd64', {}, { owner: 'x' }],
      ['firmware', 'ubuntu@24.04/amd64', { boot: { firmware: 'bios' } }, { boot: { firmware: 'uefi' } }],
    ])('%s', (differ, text, one, other) => {
      const resolution = on([usable('1', one), usable('2', other)], requirement(text))
      expect(findId(resolution)).toEqual(['1', '2'])
      expect(resolution).toMatchObject({ differ: [differ] })
    })

    it('the architecture, even if one is deprecated', () => {
      const images = [usable('1'), usable('2', { architecture: 'aarch64', deprecatedAt: '2026-11-01T00:00:00Z' })]
      expect(findId(on(images, requirement('ubuntu@24.04')))).toEqual(['1', '2'])
    })

    it('anything, for a requirement by name', () => {
      const images = [usable('1', { name: 'web' }), usable('2', { name: 'web' })]
      expect(findId(on(images, requirement('name:web')))).toEqual(['1', '2'])
      expect(findId(on(images, requirement('name:web', { pick: 'newest' })))).toBe('1')
    })
  })

  it('treats rebuilds of a release as equivalent, regardless of dates in their names', () => {
    const images = [
      usable('1', { name: 'Ubuntu 24.04 LTS 20261001 amd64' }),
      usable('2', { name: 'ubuntu-24.04-x86_64-20261101', createdAt: '2026-11-01T00:00:00Z' }),
    ]
    expect(findId(on(images, requirement('ubuntu@24.04/amd64')))).toBe('2')
  })

  it('finds an installation medium by its variant', () => {
    const images = [
      usable('1', { name: 'debian-12-netinst.iso', os: { distro: 'debian', version: '12' }, format: { disk: 'iso' } }),
    ]
    expect(findId(on(images, requirement('debian@12/amd64')))).toBeNull()
    expect(findId(on(images, requirement('debian@12/amd64+netinst')))).toBe('1')
  })

  it('finds a variant by the words of the name', () => {
    const images = [usable('1', { name: 'ubuntu-24.04' }), usable('2', { name: 'Docker CE', kind: 'app' })]
    expect(findId(on(images, requirement('ubuntu@24.04/amd64+docker-ce')))).toBe('2')
  })

  it('finds an image that a listing contains twice', () => {
    expect(findId(on([usable('1', { name: 'web' }), usable('1', { name: 'web' })], requirement('name:web')))).toBe('1')
  })

  it('does not depend on the order of the listing or on untrusted images', () => {
    const image = fc
      .record({
        id: fc.integer({ min: 1, max: 30 }),
        version: fc.constantFrom('24.04', '24.04.1', '22.04'),
        architecture: fc.constantFrom('x86_64', 'aarch64', null),
        kind: fc.constantFrom<Image['kind']>('system', 'app', 'image', 'snapshot'),
        createdAt: fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', '2026-02-01T00:00:00.5Z', null),
        deprecatedAt: fc.constantFrom(null, '2026-03-01T00:00:00Z'),
        status: fc.constantFrom<Image['status']>('available', 'available', 'pending'),
        name: fc.constantFrom('Ubuntu 24.04', 'ubuntu-24.04-20260101', 'ubuntu minimal'),
      })
      .map(({ id, version, ...fields }) => usable(String(id), { ...fields, os: { distro: 'ubuntu', version } }))
    const images = fc.uniqueArray(image, { selector: ({ ref }) => ref.id, maxLength: 12 })
    const strangers = fc.array(image, { maxLength: 4 }).map((all) =>
      all.map((one, index) => ({
        ...one,
        visibility: 'community' as const,
        createdAt: '2026-11-20T00:00:00Z',
        ref: { ...one.ref, id: `stranger-${index}` },
      })),
    )
    const texts = fc.constantFrom('ubuntu@24.04/amd64', 'ubuntu@24.04', 'ubuntu/arm64', 'name:ubuntu*')
    fc.assert(
      fc.property(
        images.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        strangers,
        texts,
        fc.constantFrom<Requirement['pick']>('only', 'newest'),
        ([listed, shuffled], others, text, pick) => {
          const expected = findId(on(listed, requirement(text, { pick })))
          expect(findId(on([...others, ...shuffled], requirement(text, { pick })))).toEqual(expected)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
