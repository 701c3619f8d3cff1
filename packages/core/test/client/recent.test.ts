import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRecent } from '../../src/client/recent.ts'

const isKnownIn = (keys: readonly string[], capacity: number, index: number): boolean =>
  keys.slice(Math.max(0, index - capacity), index).includes(keys[index] as string)

describe('createRecent', () => {
  it('knows a key exactly if it is among the last `capacity` keys', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 30 }).map(String), { maxLength: 200 }),
        fc.integer({ min: 2, max: 20 }),
        (keys, capacity) => {
          const recent = createRecent({ capacity, sampleSize: 1, laps: 1 })
          expect(keys.map((key) => recent.note(key))).toEqual(keys.map((_, index) => isKnownIn(keys, capacity, index)))
        },
      ),
    )
  })

  it('keeps a mark as long as it knows the key', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 12 }).map(String), fc.boolean()), { maxLength: 120 }),
        fc.integer({ min: 2, max: 10 }),
        (steps, capacity) => {
          const recent = createRecent({ capacity, sampleSize: 1, laps: 1 })
          const marked = new Set<string>()
          for (const [key, isToBeMarked] of steps) {
            if (!recent.note(key)) marked.delete(key)
            expect(recent.isMarked(key)).toBe(marked.has(key))
            if (!isToBeMarked) continue
            recent.mark(key)
            marked.add(key)
          }
        },
      ),
    )
  })

  it('detects every cycle longer than its capacity, after any prefix', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 2 }),
        (before, length, capacity, laps) => {
          const recent = createRecent({ capacity, sampleSize: Math.min(5, capacity - 1), laps })
          let known = 0
          for (
            let index = 0;
            index < 16 * (before + length + capacity) && !recent.isCircle() && known < length;
            index++
          ) {
            known = recent.note(String(index < before ? index : before + ((index - before) % length))) ? known + 1 : 0
          }
          expect(recent.isCircle()).toBe(length > capacity)
          expect(known >= length).toBe(length <= capacity)
        },
      ),
    )
  })

  it('detects no cycle if keys repeat only within the capacity', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 4, max: 20 }),
        (steps, capacity) => {
          const recent = createRecent({ capacity, sampleSize: 1, laps: 1 })
          for (const [index, back] of steps.entries()) recent.note(String(index - back))
          expect(recent.isCircle()).toBe(false)
        },
      ),
    )
  })

  it('detects a single repetition of a part of the list as a cycle of one lap, but not of two', () => {
    const isCircle = (laps: number): boolean => {
      const recent = createRecent({ capacity: 10, sampleSize: 3, laps })
      for (let key = 0; key < 1000; key++) recent.note(String(key))
      for (let key = 600; key < 700; key++) recent.note(String(key))
      return recent.isCircle()
    }
    expect(isCircle(1)).toBe(true)
    expect(isCircle(2)).toBe(false)
  })
})
