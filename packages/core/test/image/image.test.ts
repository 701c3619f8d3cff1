import { describe, expect, test } from '@jest/globals'
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

test('it takes an image, and gives it back the same', () => {
  expect(Image.is(image)).toBe(true)
  expect(Image.decode(image)).toEqual(E.right(image))
  expect(Image.encode(image)).toEqual(image)
  expect(Image.decode(JSON.parse(JSON.stringify(image)))).toEqual(E.right(image))
})

describe('it is strict', () => {
  test.each([
    ['a word of the provider’s', { status: 'active' }],
    ['no word where one of ours stands', { kind: null }],
    ['a date in another spelling', { createdAt: '2021-01-01T00:00:00+00:00' }],
    ['a date that is none', { createdAt: '2021-02-30T00:00:00Z' }],
    ['a bare date', { createdAt: '2021-01-01' }],
    ['half a byte', { size: { ...image.size, stored: 0.5 } }],
    ['less than no bytes', { size: { ...image.size, stored: -1 } }],
    ['more bytes than a number counts', { size: { ...image.size, stored: 2 ** 53 } }],
    ['a digest of nobody’s', { digests: [{ algorithm: 'md5', value: 'ab', of: 'stored' }] }],
    ['a label that is no text', { labels: { a: 1 } }],
    ['a tag that is no text', { tags: [null] }],
    ['an unknown family', { os: { ...image.os, family: 'plan9' } }],
    ['an id that is no text', { ref: { ...image.ref, id: 1 } }],
    ['an unknown relation', { origins: [{ ...image.origins[0], relation: 'stolen-from' }] }],
  ])('%s', (_, wrong) => {
    expect(Image.is({ ...image, ...wrong })).toBe(false)
    expect(E.isLeft(Image.decode({ ...image, ...wrong }))).toBe(true)
  })

  test.each(Object.keys(image).filter((key) => key !== 'raw'))('%s is never left out', (key) => {
    const { [key as keyof Image]: _, ...rest } = image
    expect(Image.is(rest)).toBe(false)
    expect(E.isLeft(Image.decode(rest))).toBe(true)
  })
})

test('what is beside the fields does not come through', () => {
  expect(Image.decode({ ...image, more: 1, ref: { ...image.ref, more: 1 } })).toEqual(E.right(image))
  expect(Image.encode({ ...image, more: 1 } as Image)).toEqual(image)
})

test('its parts are codecs of their own', () => {
  expect([Digest.is(image.digests[0]), Origin.is(image.origins[0]), ImageRef.is(image.ref)]).toEqual([true, true, true])
  expect([Digest.is({}), Origin.is({}), ImageRef.is({ provider: 'toy', id: 'a' })]).toEqual([false, false, false])
})
