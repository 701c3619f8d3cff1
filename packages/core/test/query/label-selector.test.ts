import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { matchesConditions, type EntryConditions } from '../../src/query/entry-conditions.ts'
import { parseLabelSelector } from '../../src/query/label-selector.ts'

describe('parseLabelSelector', () => {
  it.each<[string, EntryConditions]>([
    ['k', { k: true }],
    ['!k', { k: false }],
    ['! k', { k: false }],
    ['k=v', { k: 'v' }],
    ['k==v', { k: 'v' }],
    ['k = v', { k: 'v' }],
    ['k=', { k: '' }],
    ['k!=v', { k: { not: ['v'] } }],
    ['k!=', { k: { not: [''] } }],
    ['k in (a,b)', { k: ['a', 'b'] }],
    ['k in(a, b ,b)', { k: ['a', 'b'] }],
    ['k in (a)', { k: 'a' }],
    ['k in (a,)', { k: ['a', ''] }],
    ['k notin (a,b)', { k: { not: ['a', 'b'] } }],
    ['example.test/k=1.2_3-4', { 'example.test/k': '1.2_3-4' }],
    // Keywords are keys where a key is expected.
    ['in', { in: true }],
    ['notin in (in,notin)', { notin: ['in', 'notin'] }],
    ['env=production,type!=database', { env: 'production', type: { not: ['database'] } }],
    ['k in (a,b),k!=a', { k: 'b' }],
    ['k in (a,b,c),k in (b,c,d)', { k: ['b', 'c'] }],
    ['k=a,k=b', { k: [] }],
    ['k,!k', { k: [] }],
    ['!k,k=v', { k: [] }],
    ['!k,k!=v', { k: false }],
    ['k,k!=v', { k: { not: ['v'], present: true } }],
    ['k!=a,k!=b', { k: { not: ['a', 'b'] } }],
    ['k,k=v', { k: 'v' }],
  ])('parses %s', (text, conditions) => expect(parseLabelSelector(text)).toEqual(E.right(conditions)))

  it.each([
    ['', 'expected a key, found nothing'],
    ['  ', 'expected a key, found nothing'],
    ['=v', 'expected a key, found "="'],
    ['k,', 'expected a key, found nothing'],
    [',k', 'expected a key, found ","'],
    ['!', 'expected a key, found nothing'],
    ['!!k', 'expected a key, found "!"'],
    ['!k=v', 'expected ",", found "="'],
    ['k v', 'expected ",", found "v"'],
    ['k=v w', 'expected ",", found "w"'],
    ['k=a=b', 'expected ",", found "="'],
    ['k in', 'expected "(", found nothing'],
    ['k in a', 'expected "(", found "a"'],
    ['k in (a', 'expected "," or ")", found nothing'],
    ['k in (a b)', 'expected "," or ")", found "b"'],
    ['k in ()', 'expected a value, found ")"'],
    ['k in (a))', 'expected ",", found ")"'],
    ['(k)', 'expected a key, found "("'],
    ['k IN (a)', 'expected ",", found "IN"'],
    ['k>1', '"k>1" is not a valid label key'],
    ['-k', '"-k" is not a valid label key'],
    ['a/b/c', '"a/b/c" is not a valid label key'],
    ["k='v'", `"'v'" is not a valid label value`],
    [`k=${'v'.repeat(64)}`, `"${'v'.repeat(64)}" is not a valid label value`],
    ['k\n=v', '"k\\n" is not a valid label key'],
  ])('rejects %j', (text, why) => expect(parseLabelSelector(text)).toEqual(E.left(why)))

  const key = fc.constantFrom('a', 'b', 'in')
  const value = fc.constantFrom<string>('', 'x', 'y', 'in')
  const values = fc.array(value, { minLength: 1, maxLength: 3 })
  type Labels = Readonly<Record<string, string>>
  const of = (labels: Labels, name: string): string | undefined =>
    Object.hasOwn(labels, name) ? labels[name] : undefined
  const term = fc.oneof(
    key.map((k) => ({ text: k, fits: (labels: Labels) => of(labels, k) !== undefined })),
    key.map((k) => ({ text: `!${k}`, fits: (labels: Labels) => of(labels, k) === undefined })),
    fc
      .tuple(key, value, fc.constantFrom('=', '=='))
      .map(([k, v, sign]) => ({ text: `${k}${sign}${v}`, fits: (labels: Labels) => of(labels, k) === v })),
    fc.tuple(key, value).map(([k, v]) => ({ text: `${k}!=${v}`, fits: (labels: Labels) => of(labels, k) !== v })),
    fc.tuple(key, values).map(([k, all]) => ({
      text: `${k} in (${all.join(',')})`,
      fits: (labels: Labels) => all.includes(of(labels, k) ?? '\0'),
    })),
    fc.tuple(key, values).map(([k, all]) => ({
      text: `${k} notin (${all.join(',')})`,
      fits: (labels: Labels) => !all.includes(of(labels, k) ?? '\0'),
    })),
  )

  it('requires all terms, including several for one key', () => {
    fc.assert(
      fc.property(
        fc.array(term, { minLength: 1, maxLength: 5 }),
        fc.dictionary(key, value, { noNullPrototype: true }),
        (terms, labels) => {
          // A list of one empty value would be written like an empty list.
          fc.pre(terms.every(({ text }) => !text.endsWith('()')))
          const conditions = parseLabelSelector(terms.map(({ text }) => text).join(','))
          expect(E.map((one: EntryConditions) => matchesConditions(one, labels))(conditions)).toEqual(
            E.right(terms.every(({ fits }) => fits(labels))),
          )
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('parses long texts in linear time', () => {
    for (const text of [
      'a,'.repeat(200_000),
      '('.repeat(200_000),
      `k in (${'a,'.repeat(200_000)}`,
      'a'.repeat(400_000),
      `k=${'-'.repeat(400_000)}`,
    ])
      expect(E.isLeft(parseLabelSelector(text))).toBe(true)
  })
})
