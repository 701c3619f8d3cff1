import { describe, expect, it } from '@jest/globals'
import { bareImage } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { groupImages, parseGrouping } from '../../src/index.ts'

describe('parseGrouping', () => {
  it.each([
    ['name', { by: 'name' }],
    ['created-from', { by: 'created-from' }],
    ['label:example.com/role', { by: 'label', key: 'example.com/role' }],
  ])('reads %s', (text, grouping) => {
    expect(parseGrouping(text)).toEqual(E.right(grouping))
  })

  it.each(['', 'label:', 'owner', 'label'])('refuses %j', (text) => {
    expect(parseGrouping(text)).toEqual(E.left('expected name, created-from or label:KEY'))
  })
})

describe('groupImages', () => {
  it('groups by the value of a label, and images without it apart', () => {
    const images = [
      bareImage('1', { labels: { role: 'web' } }),
      bareImage('2', { labels: { role: 'db' } }),
      bareImage('3', { labels: { role: 'web' } }),
      bareImage('4'),
    ]
    expect(
      groupImages(images, { by: 'label', key: 'role' }).map(({ value, images: group }) => [
        value,
        ...group.map(({ ref }) => ref.id),
      ]),
    ).toEqual([
      ['web', '1', '3'],
      ['db', '2'],
      [null, '4'],
    ])
  })

  it('does not treat an inherited property as a label', () => {
    expect(groupImages([bareImage('1')], { by: 'label', key: 'constructor' })[0]?.value).toBeNull()
  })

  it('groups by the server that an image was created from', () => {
    const from = (id: string) => [
      { relation: 'created-from' as const, kind: 'server' as const, id, name: null, url: null },
    ]
    const images = [
      bareImage('1', { origins: from('7') }),
      bareImage('2', { origins: from('7') }),
      bareImage('3', { origins: from('8') }),
    ]
    expect(groupImages(images, { by: 'created-from' }).map(({ images: group }) => group.length)).toEqual([2, 1])
  })

  it('never groups images of different clouds', () => {
    const images = [bareImage('1', { name: 'web' }, { cloud: 'a' }), bareImage('2', { name: 'web' }, { cloud: 'b' })]
    expect(groupImages(images, { by: 'name' })).toHaveLength(2)
  })
})
