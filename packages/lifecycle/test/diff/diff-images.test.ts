import { describe, expect, it } from '@jest/globals'
import type { Image } from '@imago/core'
import { bareImage, type ImageValues } from '@imago/testkit'
import fc from 'fast-check'
import { diffImages, isDifferent, toJsonPatch, type DiffSide } from '../../src/index.ts'

const side = (images: readonly Image[], isComplete = true): DiffSide => ({ images, isComplete })

const describeEntries = (before: DiffSide, after: DiffSide, by?: 'ref' | 'content'): readonly string[] =>
  diffImages(before, after, by).entries.map((entry) =>
    'image' in entry
      ? `${entry.state} ${entry.image.ref.id}`
      : `${entry.state} ${entry.before.ref.id}-${entry.after.ref.id} by ${entry.by}`,
  )

const prod = (id: string, fields: ImageValues = {}): Image => bareImage(id, fields, { cloud: 'prod' })
const demo = (id: string, fields: ImageValues = {}): Image => bareImage(id, fields, { cloud: 'demo' })

describe('diffImages over time', () => {
  it('reports same, changed, added and removed images', () => {
    const before = side([prod('1'), prod('2', { name: 'a' }), prod('3')])
    const after = side([prod('2', { name: 'b' }), prod('1'), prod('4')])
    expect(describeEntries(before, after)).toEqual(['same 1-1 by ref', 'changed 2-2 by ref', 'removed 3', 'added 4'])
  })

  it('never reports an image as removed if the later side is incomplete', () => {
    expect(describeEntries(side([prod('1')]), side([], false))).toEqual(['unknown 1'])
  })

  it('never reports an image as added if the earlier side is incomplete', () => {
    expect(describeEntries(side([], false), side([prod('1')]))).toEqual(['unknown 1'])
  })

  it('is not different if only the incomplete side lacks images', () => {
    expect(isDifferent(diffImages(side([prod('1')]), side([], false)))).toBe(false)
  })

  it('matches a dump, which names no cloud, by provider and ID', () => {
    expect(describeEntries(side([bareImage('1')]), side([prod('1')]))).toEqual(['same 1-1 by ref'])
  })

  it('reports an image as changed if its counterpart is not selected', () => {
    const before = { ...side([prod('1', { name: 'a' })]), unselected: [prod('2', { name: 'x' })] }
    const after = { ...side([prod('2', { name: 'a' })]), unselected: [prod('1', { name: 'x' })] }
    expect(describeEntries(before, after)).toEqual(['changed 1-1 by ref', 'changed 2-2 by ref'])
  })

  it('reports no image that neither side selects', () => {
    const before = { ...side([]), unselected: [prod('1', { name: 'a' }), prod('2')] }
    const after = { ...side([]), unselected: [prod('1', { name: 'b' }), prod('3')] }
    expect(describeEntries(before, after)).toEqual([])
  })

  it('reports the changed fields with both values', () => {
    const { entries } = diffImages(
      side([prod('1', { os: { version: '12' }, labels: { a: '1', b: '2' } })]),
      side([prod('1', { os: { version: '13' }, labels: { b: '2', a: '1' } })]),
    )
    expect(entries[0]).toMatchObject({ changes: [{ field: 'os.version', before: '12', after: '13' }] })
  })

  const anyImages = fc
    .uniqueArray(fc.tuple(fc.nat(30), fc.string()), { selector: ([id]) => id, maxLength: 15 })
    .map((all) => all.map(([id, name]) => prod(String(id), { name })))

  it('puts every image of both sides into exactly one entry', () => {
    fc.assert(
      fc.property(anyImages, anyImages, fc.constantFrom('ref' as const, 'content' as const), (a, b, by) => {
        const { entries } = diffImages(side(a), side(b), by)
        const seen = entries.flatMap((entry) => ('image' in entry ? [entry.image] : [entry.before, entry.after]))
        expect(new Set(seen)).toEqual(new Set([...a, ...b]))
        expect(seen).toHaveLength(a.length + b.length)
      }),
    )
  })

  it('reports nothing but same images between a side and itself', () => {
    fc.assert(
      fc.property(anyImages, (images) => expect(isDifferent(diffImages(side(images), side(images)))).toBe(false)),
    )
  })
})

describe('diffImages across clouds', () => {
  const digests = [{ algorithm: 'sha512', value: 'aa', of: 'stored', assertedBy: 'provider' }] as const

  it('matches images by digest', () => {
    expect(describeEntries(side([prod('1', { digests })]), side([demo('9', { digests })]))).toEqual([
      'same 1-9 by digest',
    ])
  })

  it('matches images by system, version, architecture and name', () => {
    const fields: ImageValues = { name: 'golden', os: { distro: 'debian', version: '12' }, architecture: 'aarch64' }
    expect(describeEntries(side([prod('1', fields)]), side([demo('9', fields)]))).toEqual(['same 1-9 by description'])
  })

  it('compares only values that both sides have, of fields that a user can set', () => {
    const before = prod('1', {
      digests,
      owner: 'x',
      os: { distro: 'debian' },
      labels: { a: '1' },
      createdAt: '2026-01-01T00:00:00Z',
    })
    const after = demo('9', {
      digests,
      owner: 'y',
      os: { distro: 'ubuntu' },
      tags: ['t'],
      createdAt: '2026-02-01T00:00:00Z',
    })
    expect(diffImages(side([before]), side([after])).entries[0]).toMatchObject({
      state: 'changed',
      changes: [{ field: 'os.distro', before: 'debian', after: 'ubuntu' }],
    })
  })

  it('matches each image once', () => {
    expect(
      describeEntries(side([prod('1', { digests })]), side([demo('8', { digests }), demo('9', { digests })])),
    ).toEqual(['same 1-8 by digest', 'added 9'])
  })
})

describe('toJsonPatch', () => {
  it('replaces values, and patches maps by key', () => {
    expect(
      toJsonPatch([
        { field: 'os.version', before: '12', after: null },
        {
          field: 'labels',
          before: { gone: '1', 'a/b~c': '1', same: 's' },
          after: { 'a/b~c': '2', new: '3', same: 's' },
        },
        { field: 'tags', before: ['a'], after: ['b'] },
      ]),
    ).toEqual([
      { op: 'replace', path: '/os/version', value: null },
      { op: 'remove', path: '/labels/gone' },
      { op: 'replace', path: '/labels/a~1b~0c', value: '2' },
      { op: 'add', path: '/labels/new', value: '3' },
      { op: 'replace', path: '/tags', value: ['b'] },
    ])
  })
})
