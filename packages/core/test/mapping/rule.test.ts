import { describe, expect, it } from '@jest/globals'
import {
  chooseFirst,
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

describe('rules', () => {
  it('createRuleBuilders creates steps with their evidence, wire fields and reason', () => {
    expect(declared(['a'], ({ a }) => a)).toEqual([
      { evidence: 'declared', reads: ['a'], why: 'as reported by the provider', from: expect.any(Function) },
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

  it('chooseFirst keeps the order of the steps', () => {
    const rule = chooseFirst(
      declared(['a'], ({ a }) => a),
      chooseFirst(
        inferred(['b'], ({ b }) => String(b), 'b as text'),
        assumed([], () => 'none', 'nothing else'),
      ),
    )
    expect(rule.map(({ evidence }) => evidence)).toEqual(['declared', 'inferred', 'assumed'])
    expect(chooseFirst()).toEqual([])
  })

  it('identityField, readOnlyField, writableField and referenceField add the class to a rule', () => {
    const rule = declared(['a'], ({ a }) => a)
    expect(identityField(rule)).toEqual({ class: 'identity', rule })
    expect(readOnlyField(rule)).toEqual({ class: 'read-only', rule })
    expect(writableField(rule)).toEqual({ class: 'writable', rule })
    expect(referenceField(rule)).toEqual({ class: 'reference', rule })
  })
})
