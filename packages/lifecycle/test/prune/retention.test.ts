import { describe, expect, it } from '@jest/globals'
import type { Image } from '@imago/core'
import { bareImage } from '@imago/testkit'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { applyRetention, parseRetention, type Retention } from '../../src/index.ts'

const created = (...instants: readonly string[]): readonly Image[] =>
  instants.map((createdAt, index) => bareImage(`${index}`, { createdAt }))

const listKept = (images: readonly Image[], policy: Retention): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    [...applyRetention(images, policy)].map(([image, units]) => [image.createdAt ?? image.ref.id, units]),
  )

describe('parseRetention', () => {
  it('reads a number for each unit', () => {
    expect(parseRetention('newest:3, daily:7,monthly:12')).toEqual(E.right({ newest: 3, daily: 7, monthly: 12 }))
  })

  it.each([
    ['0', 'a number needs a unit, such as newest:3'],
    ['', 'unknown unit "" (one of: newest, daily, weekly, monthly, yearly)'],
    ['hourly:3', 'unknown unit "hourly" (one of: newest, daily, weekly, monthly, yearly)'],
    ['daily', 'daily needs a number from 1, such as daily:3'],
    ['daily:0', 'daily needs a number from 1, such as daily:3'],
    ['daily:-1', 'daily needs a number from 1, such as daily:3'],
    ['daily:1:2', 'daily needs a number from 1, such as daily:3'],
    ['daily:1,daily:2', 'daily is given twice'],
    ['constructor:1', 'unknown unit "constructor" (one of: newest, daily, weekly, monthly, yearly)'],
  ])('refuses %j', (text, problem) => {
    expect(parseRetention(text)).toEqual(E.left(problem))
  })
})

describe('retention rules', () => {
  it('refuses an endless policy', () => {
    expect(parseRetention('daily:1,'.repeat(100_000))).toEqual(E.left('longer than 200 characters'))
  })

  describe('applyRetention', () => {
    it('keeps the newest images', () => {
      const images = created('2026-11-01T00:00:00Z', '2026-11-03T00:00:00Z', '2026-11-02T00:00:00Z')
      expect(listKept(images, { newest: 2 })).toEqual({
        '2026-11-03T00:00:00Z': ['newest'],
        '2026-11-02T00:00:00Z': ['newest'],
      })
    })

    it('keeps the newest image of each day in UTC', () => {
      const images = created('2026-11-01T00:00:00Z', '2026-11-01T23:59:59.9Z', '2026-11-02T00:00:00Z')
      expect(listKept(images, { daily: 2 })).toEqual({
        '2026-11-02T00:00:00Z': ['daily'],
        '2026-11-01T23:59:59.9Z': ['daily'],
      })
    })

    it('counts only days that have an image', () => {
      const images = created('2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z', '2026-11-01T00:00:00Z')
      expect(Object.keys(listKept(images, { daily: 3 }))).toHaveLength(3)
    })

    it('begins weeks on Monday', () => {
      const [sunday, monday] = ['2026-11-29T12:00:00Z', '2026-11-30T12:00:00Z'] as const
      expect(Object.keys(listKept(created(sunday, monday), { weekly: 2 }))).toHaveLength(2)
      expect(Object.keys(listKept(created(monday, '2026-12-06T12:00:00Z'), { weekly: 2 }))).toHaveLength(1)
    })

    it('names every unit that keeps an image', () => {
      expect(listKept(created('2026-11-01T00:00:00Z'), { newest: 1, monthly: 1, yearly: 1 })).toEqual({
        '2026-11-01T00:00:00Z': ['newest', 'monthly', 'yearly'],
      })
    })

    it('does not keep an image of unknown age', () => {
      expect(applyRetention([bareImage('a')], { newest: 5 }).size).toBe(0)
    })

    const instant = fc
      .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2027-01-01T00:00:00Z'), noInvalidDate: true })
      .map((date) => `${date.toISOString().slice(0, 19)}Z`)
    const images = fc
      .uniqueArray(fc.tuple(fc.nat(200), instant), { selector: ([id]) => id, maxLength: 40 })
      .map((all) => all.map(([id, createdAt]) => bareImage(String(id), { createdAt })))
    const policy = fc.record({
      newest: fc.nat(4),
      daily: fc.nat(4),
      weekly: fc.nat(4),
      monthly: fc.nat(4),
      yearly: fc.nat(4),
    })

    it('does not depend on the order of the images', () => {
      fc.assert(
        fc.property(images, policy, fc.infiniteStream(fc.nat()), (all, chosen, random) => {
          const shuffled = all
            .map((image) => ({ image, at: random.next().value }))
            .sort((a, b) => a.at - b.at)
            .map(({ image }) => image)
          const ids = (kept: ReadonlyMap<Image, unknown>): readonly string[] =>
            [...kept.keys()].map(({ ref }) => ref.id).sort()
          expect(ids(applyRetention(shuffled, chosen))).toEqual(ids(applyRetention(all, chosen)))
        }),
      )
    })

    it('keeps the newest image of all if it keeps any', () => {
      fc.assert(
        fc.property(images, policy, (all, chosen) => {
          const kept = [...applyRetention(all, chosen).keys()].map(({ createdAt }) => createdAt ?? '')
          fc.pre(kept.length > 0)
          expect(kept.toSorted().at(-1)).toBe(
            all
              .map(({ createdAt }) => createdAt ?? '')
              .toSorted()
              .at(-1),
          )
        }),
      )
    })

    it('keeps no more than the policy counts', () => {
      fc.assert(
        fc.property(images, policy, (all, chosen) => {
          const most = Object.values(chosen).reduce((sum, count) => sum + count, 0)
          expect(applyRetention(all, chosen).size).toBeLessThanOrEqual(most)
        }),
      )
    })

    it('keeps all images that a smaller policy keeps', () => {
      fc.assert(
        fc.property(images, policy, (all, chosen) => {
          const larger = { ...chosen, daily: chosen.daily + 1, newest: chosen.newest + 1 }
          const kept = applyRetention(all, larger)
          for (const image of applyRetention(all, chosen).keys()) expect(kept.has(image)).toBe(true)
        }),
      )
    })
  })
})
