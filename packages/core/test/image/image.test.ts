import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { bareImage } from '@imago/testkit'
import { Digest, ImageRef, Origin } from '../../src/image/values.ts'
import { Image } from '../../src/image/image.ts'

const image: Image = bareImage('a', {
  kind: 'image',
  status: 'available',
  visibility: 'private',
  architecture: 'x86_64',
  os: { family: 'linux', distro: 'debian', version: '12', defaultUser: null },
  boot: { firmware: 'uefi', secureBoot: 'optional' },
  format: { disk: 'qcow2', container: 'bare' },
  size: { stored: 1, virtual: 2, minDisk: 0, minRam: null },
  digests: [{ algorithm: 'md5', value: 'ab', of: 'stored', assertedBy: 'provider' }],
  createdAt: '2021-01-01T00:00:00Z',
  updatedAt: '2021-01-01T00:00:00.5Z',
  deletedAt: null,
  deprecatedAt: null,
  unavailableAfter: null,
  origins: [{ relation: 'created-from', kind: 'server', id: '1', name: null, url: null }],
  stores: ['s'],
  labels: { a: '' },
  tags: ['t'],
  properties: { p: null },
  raw: { anything: [1] },
})

describe('Image', () => {
  it('Image decodes and encodes an image unchanged', () => {
    expect(Image.is(image)).toBe(true)
    expect(Image.decode(image)).toEqual(E.right(image))
    expect(Image.encode(image)).toEqual(image)
    expect(Image.decode(JSON.parse(JSON.stringify(image)))).toEqual(E.right(image))
  })

  describe('Image rejects', () => {
    it.each([
      ['a value of the provider for a status', { status: 'active' }],
      ['null for a field with a fixed set of values', { kind: null }],
      ['an instant in another format', { createdAt: '2021-01-01T00:00:00+00:00' }],
      ['an invalid date', { createdAt: '2021-02-30T00:00:00Z' }],
      ['a date without a time', { createdAt: '2021-01-01' }],
      ['a fractional size', { size: { ...image.size, stored: 0.5 } }],
      ['a negative size', { size: { ...image.size, stored: -1 } }],
      ['a size beyond the safe integers', { size: { ...image.size, stored: 2 ** 53 } }],
      ['a digest without a source', { digests: [{ algorithm: 'md5', value: 'ab', of: 'stored' }] }],
      ['a label value that is not a string', { labels: { a: 1 } }],
      ['a tag that is not a string', { tags: [null] }],
      ['an unknown family', { os: { ...image.os, family: 'plan9' } }],
      ['an ID that is not a string', { ref: { ...image.ref, id: 1 } }],
      ['an unknown relation', { origins: [{ ...image.origins[0], relation: 'stolen-from' }] }],
    ])('%s', (_, wrong) => {
      expect(Image.is({ ...image, ...wrong })).toBe(false)
      expect(E.isLeft(Image.decode({ ...image, ...wrong }))).toBe(true)
    })

    it.each(Object.keys(image).filter((key) => key !== 'raw'))('an image without %s', (key) => {
      const { [key as keyof Image]: _, ...rest } = image
      expect(Image.is(rest)).toBe(false)
      expect(E.isLeft(Image.decode(rest))).toBe(true)
    })
  })

  it('Image removes unknown keys', () => {
    expect(Image.decode({ ...image, more: 1, ref: { ...image.ref, more: 1 } })).toEqual(E.right(image))
    expect(Image.encode({ ...image, more: 1 } as Image)).toEqual(image)
  })

  it('Digest, Origin and ImageRef accept only valid parts of an image', () => {
    expect(Digest.is(image.digests[0])).toBe(true)
    expect(Digest.is({})).toBe(false)
    expect(Origin.is(image.origins[0])).toBe(true)
    expect(Origin.is({})).toBe(false)
    expect(ImageRef.is(image.ref)).toBe(true)
    expect(ImageRef.is({ provider: 'toy', id: 'a' })).toBe(false)
  })
})
