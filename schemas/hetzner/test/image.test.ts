import { describe, expect, it } from '@jest/globals'
import { toDecoder, formatIssue, Notes, toInstant } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import { HetznerImage } from '../src/index.ts'

const base = { id: 45557056, type: 'system', status: 'available', name: 'debian-11' }

const read = (u: unknown) => {
  const notes = new Notes()
  const decoded = toDecoder(HetznerImage)(u, notes)
  return E.isRight(decoded)
    ? { image: decoded.right, notes: notes.list }
    : { image: null, notes: decoded.left.map(formatIssue) }
}

describe('HetznerImage, deprecation', () => {
  const announced = '2025-11-26T09:00:00Z'
  const deprecation = { announced, unavailable_after: '2026-11-30T09:00:00Z' }

  it.each([
    ['only deprecated: until 2026-09-08', { ...base, deprecated: announced }, announced, undefined],
    ['only deprecated, null', { ...base, deprecated: null }, null, undefined],
    ['both: from 2026-09-08', { ...base, deprecated: announced, deprecation }, announced, deprecation],
    ['both, null', { ...base, deprecated: null, deprecation: null }, null, null],
    ['only deprecation: from 2026-11-02', { ...base, deprecation }, undefined, deprecation],
    ['only deprecation, null', { ...base, deprecation: null }, undefined, null],
    ['neither', base, undefined, undefined],
  ])('decodes a record with %s', (_, wire, deprecated, expected) => {
    const { image, notes } = read(wire)
    expect(notes).toEqual([])
    expect(image?.deprecated).toBe(deprecated)
    expect(image?.deprecation).toEqual(expected)
  })

  it('decodes deprecation without an end', () => {
    expect(read({ ...base, deprecation: { announced } })).toEqual({
      image: { ...base, deprecation: { announced } },
      notes: [],
    })
    expect(read({ ...base, deprecation: { announced, unavailable_after: null } }).notes).toEqual([])
  })
})

describe('HetznerImage, dates', () => {
  it.each([
    ['until the end of 2025', '2020-04-23T17:55:14+00:00', '2020-04-23T17:55:14Z'],
    ['since', '2025-08-18T06:15:25Z', '2025-08-18T06:15:25Z'],
    ["in hcloud-python's fixtures", '2016-01-30T23:50+00:00', '2016-01-30T23:50:00Z'],
    ['with milliseconds', '2016-01-30T23:50:00.000Z', '2016-01-30T23:50:00Z'],
    ['with microseconds', '2023-04-12T10:00:00.123456+00:00', '2023-04-12T10:00:00.123456Z'],
    ["Python's str", '2023-04-12 10:00:00+00:00', '2023-04-12T10:00:00Z'],
    ["Go's zero time, which hcloud 1.30 prints for none", '0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  ])('keeps the spelling %s: %s', (_, text, instant) => {
    const { image, notes } = read({ ...base, created: text, deleted: text, deprecation: { announced: text } })
    expect(notes).toEqual([])
    expect(image).toMatchObject({ created: text, deleted: text, deprecation: { announced: text } })
    expect(toInstant(image?.created ?? '')).toBe(instant)
  })

  it('notes and drops other texts', () => {
    expect(read({ ...base, created: 'yesterday', deleted: 1700000000 })).toEqual({
      image: base,
      notes: [
        { kind: 'wrong-type', pointer: '/created', expected: 'date-time or null', got: 'string' },
        { kind: 'wrong-type', pointer: '/deleted', expected: 'date-time or null', got: 'number' },
      ],
    })
  })
})

describe('HetznerImage', () => {
  it('requires only the ID', () => {
    expect(read({ id: 1 })).toEqual({ image: { id: 1 }, notes: [] })
    expect(read({ name: 'debian-11' })).toEqual({
      image: null,
      notes: ['/id: expected integer from 0 to 2^53-1, got nothing'],
    })
  })

  it('keeps and notes new words and keys', () => {
    const image = { ...base, os_flavor: 'void', type: 'template', region: 'eu' }
    expect(read(image)).toEqual({
      image,
      notes: [
        { kind: 'unknown-word', pointer: '/type', word: 'template' },
        { kind: 'unknown-word', pointer: '/os_flavor', word: 'void' },
        { kind: 'unknown-key', pointer: '/region', got: 'string' },
      ],
    })
  })
})
