import { expect, test } from '@jest/globals'
import {
  firstOf,
  identityField,
  OTHER_KEYS,
  readOnlyField,
  referenceField,
  writableField,
  createRuleBuilders,
} from '../../src/mapping/rule.ts'

interface Wire {
  readonly a?: string | null
  readonly b?: number | null
}

const { declared, inferred, assumed, otherKeys } = createRuleBuilders<Wire>()

test('each word makes one step, with its evidence, what it reads, and why', () => {
  expect(declared(['a'], ({ a }) => a)).toEqual([
    { evidence: 'declared', reads: ['a'], why: 'as the provider says', from: expect.any(Function) },
  ])
  expect(declared(['a'], ({ a }) => a, 'a property')).toMatchObject([{ why: 'a property' }])
  expect(inferred(['a', 'b'], () => 'x', 'from both')).toMatchObject([
    { evidence: 'inferred', reads: ['a', 'b'], why: 'from both' },
  ])
  expect(assumed([], () => 'x', 'by default')).toMatchObject([{ evidence: 'assumed', reads: [], why: 'by default' }])
  expect(otherKeys(() => ({}), 'all others')).toMatchObject([
    { evidence: 'declared', reads: [OTHER_KEYS], why: 'all others' },
  ])
})

test('firstOf keeps the steps in their order', () => {
  const rule = firstOf(
    declared(['a'], ({ a }) => a),
    firstOf(
      inferred(['b'], ({ b }) => String(b), 'b as text'),
      assumed([], () => 'none', 'nothing else'),
    ),
  )
  expect(rule.map(({ evidence }) => evidence)).toEqual(['declared', 'inferred', 'assumed'])
  expect(firstOf()).toEqual([])
})

test('a field has a class and a rule', () => {
  const rule = declared(['a'], ({ a }) => a)
  expect([identityField(rule), readOnlyField(rule), writableField(rule), referenceField(rule)]).toEqual(
    ['identity', 'read-only', 'writable', 'reference'].map((name) => ({ class: name, rule })),
  )
})
