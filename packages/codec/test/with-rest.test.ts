import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { findFields, toIssues, nullable, withRest } from '../src/index.ts'

const Known = t.intersection([t.type({ id: t.string }), t.partial({ size: t.number })])
const Image = withRest(Known, nullable(t.string), 'Image')

describe('withRest', () => {
  it('returns the same value', () => {
    const image = JSON.parse(
      '{"id":"a","size":1,"os_distro":"debian","kernel_id":null,"__proto__":"x","constructor":"y"}',
    )
    expect(Image.is(image)).toBe(true)
    expect(Image.decode(image)).toEqual(E.right(image))
    expect((Image.decode(image) as E.Right<unknown>).right).toBe(image)
    expect(Image.encode(image)).toBe(image)
  })

  it('requires every other key to fit, including __proto__', () => {
    const image = JSON.parse('{"id":"a","os_distro":5,"__proto__":{}}')
    const decoded = Image.decode(image)
    expect(Image.is(image)).toBe(false)
    expect(E.isLeft(decoded) ? toIssues(decoded.left) : []).toEqual([
      { pointer: '/os_distro', expected: 'string or null', got: 'number' },
      { pointer: '/__proto__', expected: 'string or null', got: 'object' },
    ])
  })

  it('reports wrong known keys together with wrong other keys', () => {
    const decoded = Image.decode({ size: 'big', note: 5 })
    expect(E.isLeft(decoded) ? toIssues(decoded.left).map((issue) => issue.pointer) : []).toEqual([
      '/id',
      '/size',
      '/note',
    ])
  })

  it('refuses values that are not objects', () => {
    expect([null, 'a', 1, [], ['id']].filter((u) => Image.is(u) || E.isRight(Image.decode(u)))).toEqual([])
  })

  it('throws for codecs that are not object codecs', () => {
    expect(() => withRest(t.string, t.string, 'Text')).toThrow('not an object codec: string')
  })
})

describe('findFields', () => {
  it('returns the fields of object codecs, and whether they are required', () => {
    const summary = (codec: t.Any): unknown =>
      [...(findFields(codec) ?? [])].map(([key, field]) => [key, field.codec.name, field.required])
    const expected = [
      ['id', 'string', true],
      ['size', 'number', false],
    ]
    expect(summary(Known)).toEqual(expected)
    expect(summary(Image)).toEqual(expected)
    expect(summary(t.exact(Known))).toEqual(expected)
    expect(summary(t.readonly(Known))).toEqual(expected)
  })

  it('returns null for other codecs', () => {
    const codecs = [
      t.string,
      nullable(Known),
      t.array(Known),
      t.record(t.string, t.string),
      t.intersection([Known, t.UnknownRecord]),
      t.intersection([Image, t.partial({ size: t.number })]),
    ]
    expect(codecs.filter((codec) => findFields(codec) !== null).map((codec) => codec.name)).toEqual([])
  })
})
