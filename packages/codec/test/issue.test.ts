import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { Count, DateText, formatIssue, toIssues, nullable, openEnum, withRest } from '../src/index.ts'

const Image = t.intersection(
  [
    t.type({ id: t.string }),
    t.partial({
      name: nullable(t.string),
      created: nullable(DateText),
      size: Count,
      status: openEnum('Status', ['active']),
      tags: t.array(t.string),
    }),
  ],
  'Image',
)
const Page = t.type({ images: t.array(Image) }, 'Page')

const format = (codec: t.Any, u: unknown): readonly string[] => {
  const decoded = codec.decode(u)
  return E.isLeft(decoded) ? toIssues(decoded.left).map(formatIssue) : []
}

describe('toIssues and formatIssue', () => {
  it('report the pointer, what was expected and the type of the value', () => {
    const fits = { id: 'a' }
    expect(format(Page, { images: [fits, fits, fits, { id: null }] })).toEqual([
      '/images/3/id: expected string, got null',
    ])
    expect(format(Page, { images: [{}] })).toEqual(['/images/0/id: expected string, got nothing'])
    expect(format(Page, { images: [{ id: 'a', name: 5 }] })).toEqual([
      '/images/0/name: expected string or null, got number',
    ])
    expect(format(Page, { images: [{ id: 'a', tags: ['b', ['c']] }] })).toEqual([
      '/images/0/tags/1: expected string, got array',
    ])
    expect(format(Page, { images: [{ id: 'a', status: true, size: -1 }] })).toEqual([
      '/images/0/size: expected integer from 0 to 2^53-1, got number',
      '/images/0/status: expected Status, got boolean',
    ])
    expect(format(Page, { images: {} })).toEqual(['/images: expected Array<Image>, got object'])
  })

  it('report one issue for the whole record, by its name', () => {
    expect(format(Page, 'x')).toEqual(['(whole record): expected Page, got string'])
    expect(format(Image, null)).toEqual(['(whole record): expected Image, got null'])
    expect(format(nullable(Image), [])).toEqual(['(whole record): expected Image or null, got array'])
    expect(format(withRest(Image, t.string, 'Glance'), 5)).toEqual(['(whole record): expected Glance, got number'])
  })

  it('leave out the steps of unions, intersections and rests', () => {
    const Glance = withRest(Image, nullable(t.string), 'Glance')
    const List = t.type({ images: t.array(nullable(Glance)), 0: Image })
    expect(format(List, { images: [null, { id: 1, 0: 5 }, [], { id: 'a', tags: [1] }], 0: { id: 2 } })).toEqual([
      '/0/id: expected string, got number',
      '/images/1/id: expected string, got number',
      '/images/1/0: expected string or null, got number',
      // The other alternative, null, does not fit either.
      '/images/1: expected Glance or null, got object',
      '/images/2: expected Glance or null, got array',
      '/images/3/tags/0: expected string, got number',
      '/images/3: expected Glance or null, got object',
    ])
  })

  it('report neither values nor each alternative', () => {
    const told = format(Page, { images: [{ id: { token: 'secret' }, created: 'secret' }] })
    expect(told).toEqual([
      '/images/0/id: expected string, got object',
      '/images/0/created: expected date-time or null, got string',
    ])
  })

  it('escape keys, and keep numeric keys of objects', () => {
    expect(format(t.record(t.string, t.string), { 'a/b~c': 1, 7: 2 })).toEqual([
      '/7: expected string, got number',
      '/a~1b~0c: expected string, got number',
    ])
  })
})
