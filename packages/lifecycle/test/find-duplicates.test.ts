import { describe, expect, it } from '@jest/globals'
import type { Digest, Image } from '@imago/core'
import { bareImage } from '@imago/testkit'
import { findDuplicates } from '../src/index.ts'

const digest = (value: string, rest: Partial<Digest> = {}): Digest => ({
  algorithm: 'sha512',
  value,
  of: 'stored',
  assertedBy: 'provider',
  ...rest,
})

const listGroups = (...images: readonly Image[]): readonly (readonly string[])[] =>
  findDuplicates(images).map(({ evidence, images: group }) => [evidence, ...group.map(({ ref }) => ref.id)])

const described = (id: string, stored: number | null, version = '12'): Image =>
  bareImage(id, { os: { distro: 'debian', version }, size: { stored } })

describe('findDuplicates', () => {
  it('returns images of the same digest as proven, oldest first', () => {
    const first = bareImage('1', { digests: [digest('aa')], createdAt: '2026-02-01T00:00:00Z' })
    const second = bareImage('2', { digests: [digest('aa')], createdAt: '2026-01-01T00:00:00Z' })
    expect(listGroups(first, second, bareImage('3', { digests: [digest('bb')] }))).toEqual([['proven', '2', '1']])
  })

  it('joins groups that share a member', () => {
    const md5 = { algorithm: 'md5' }
    expect(
      listGroups(
        bareImage('1', { digests: [digest('aa')] }),
        bareImage('2', { digests: [digest('bb', md5)] }),
        bareImage('3', { digests: [digest('aa'), digest('bb', md5)] }),
      ),
    ).toEqual([['proven', '1', '2', '3']])
  })

  it.each([
    ['another algorithm', digest('aa', { algorithm: 'sha256' })],
    ['another subject', digest('aa', { of: 'uncompressed' })],
  ])('does not compare digests of %s', (_, other) => {
    expect(listGroups(bareImage('1', { digests: [digest('aa')] }), bareImage('2', { digests: [other] }))).toEqual([])
  })

  it('does not compare digests of an unknown subject', () => {
    const unknown = digest('aa', { of: 'unknown' })
    expect(listGroups(bareImage('1', { digests: [unknown] }), bareImage('2', { digests: [unknown] }))).toEqual([])
  })

  it("returns images that only share an uploader's digest as declared", () => {
    const claim = digest('aa', { assertedBy: 'uploader' })
    expect(listGroups(bareImage('1', { digests: [claim] }), bareImage('2', { digests: [digest('aa')] }))).toEqual([
      ['declared', '1', '2'],
    ])
  })

  it("ignores digests of uploaders that differ from the providers'", () => {
    const claim = digest('aa', { algorithm: 'sha256', assertedBy: 'uploader' })
    expect(
      listGroups(
        bareImage('1', { digests: [claim, digest('11')] }),
        bareImage('2', { digests: [claim, digest('22')] }),
      ),
    ).toEqual([])
  })

  it('suspects images of the same system, format and size', () => {
    expect(listGroups(described('1', 1000), described('2', 1000), described('3', 1001))).toEqual([
      ['suspected', '1', '2'],
    ])
  })

  it('does not suspect images of unknown or no size', () => {
    expect(listGroups(described('1', null), described('2', null), described('3', 0), described('4', 0))).toEqual([])
  })

  it('does not return an image listed by two clouds as its own duplicate', () => {
    const seen = (cloud: string): Image => bareImage('1', { digests: [digest('aa')] }, { cloud })
    expect(listGroups(seen('region-a'), seen('region-b'))).toEqual([])
  })

  it('puts an image only into the group with the strongest evidence', () => {
    const both = (id: string): Image => ({ ...described(id, 1000), digests: [digest('aa')] })
    expect(listGroups(both('1'), both('2'), described('3', 1000))).toEqual([['proven', '1', '2']])
  })
})
