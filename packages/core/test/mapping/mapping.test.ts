import { describe, expect, it } from '@jest/globals'
import { getEmptyValue, FIELD_NAMES, FIELDS, getFieldValue } from '../../src/image/field.ts'
import { describeFields, evaluateRule, createNormalizer, type ImageMapping } from '../../src/mapping/mapping.ts'
import { chooseFirst, readOnlyField, createRuleBuilders } from '../../src/mapping/rule.ts'
import { Image } from '../../src/image/image.ts'
import { toyMapping } from '../toy.ts'

const WHERE = { cloud: 'prod', region: 'R1' }

interface Steps {
  readonly id: string
  readonly first?: string | null
  readonly second?: string | null
}

const { declared, inferred, assumed } = createRuleBuilders<Steps>()

const mapping: ImageMapping<Steps> = {
  'ref.id': { class: 'identity', rule: declared(['id'], ({ id }) => id) },
  name: readOnlyField(
    chooseFirst(
      declared(['first'], ({ first }) => first),
      inferred(['second'], ({ second }) => second, 'the second'),
    ),
  ),
  owner: readOnlyField(
    chooseFirst(
      declared(['first'], ({ first }) => first),
      assumed([], () => 'nobody', 'by default'),
    ),
  ),
  description: readOnlyField(declared(['first'], ({ first }) => first)),
}

const normalize = createNormalizer('toy', mapping)

describe('evaluateRule', () => {
  it.each([
    ['the first of two values', { first: 'a', second: 'b' }, { value: 'a', evidence: 'declared' }],
    ['the second value if the first is null', { first: null, second: 'b' }, { value: 'b', evidence: 'inferred' }],
    ['the second value if the first is absent', { second: 'b' }, { value: 'b', evidence: 'inferred' }],
    ['an empty string as a value', { first: '', second: 'b' }, { value: '', evidence: 'declared' }],
    ['a declared null if both are null', { first: null, second: null }, { value: null, evidence: 'declared' }],
    ['a declared null if an inferred step returns null', { second: null }, { value: null, evidence: 'declared' }],
    ['unknown if both are absent', {}, { value: null, evidence: 'unknown' }],
  ])('returns %s', (_, wire, expected) => {
    expect(evaluateRule(mapping, 'name', { id: 'x', ...wire })).toMatchObject(expected)
    expect(normalize({ id: 'x', ...wire }, WHERE, null).name).toBe(expected.value)
  })

  it('returns the deciding step, or null without one', () => {
    expect(evaluateRule(mapping, 'name', { id: 'x', second: 'b' }).step?.why).toBe('the second')
    expect(evaluateRule(mapping, 'name', { id: 'x', first: null }).step?.reads).toEqual(['first'])
    expect(evaluateRule(mapping, 'name', { id: 'x' }).step).toBeNull()
  })

  it('returns the assumed value if the value is absent or null', () => {
    expect(evaluateRule(mapping, 'owner', { id: 'x' })).toMatchObject({ value: 'nobody', evidence: 'assumed' })
    expect(evaluateRule(mapping, 'owner', { id: 'x', first: null })).toMatchObject({
      value: 'nobody',
      evidence: 'assumed',
    })
    expect(evaluateRule(mapping, 'owner', { id: 'x', first: 'me' })).toMatchObject({
      value: 'me',
      evidence: 'declared',
    })
  })

  it('returns unsupported and the empty value for a field without a rule', () => {
    for (const field of FIELD_NAMES.filter((name) => mapping[name] === undefined))
      expect(evaluateRule(mapping, field, { id: 'x' })).toEqual({
        value: getEmptyValue(field),
        evidence: 'unsupported',
        step: null,
      })
  })
})

describe('createNormalizer', () => {
  it('sets every field, the location and the raw record', () => {
    const raw = { ID: 'x' }
    const image = createNormalizer('toy', toyMapping)({ id: 'x', title: 't', size: 5, arch: 'a64' }, WHERE, raw)
    expect(image.ref).toStrictEqual({ provider: 'toy', cloud: 'prod', region: 'R1', id: 'x' })
    const filled = { 'ref.id': 'x', name: 't', kind: 'image', architecture: 'a64', 'size.stored': 5 }
    expect(Object.fromEntries(FIELD_NAMES.map((field) => [field, getFieldValue(image, field)]))).toStrictEqual({
      ...Object.fromEntries(FIELD_NAMES.map((field) => [field, getEmptyValue(field)])),
      ...filled,
    })
    expect(image.raw).toBe(raw)
    expect(Image.is(image)).toBe(true)
  })

  it('fills each field by its own rule', () => {
    const values = Object.fromEntries(FIELD_NAMES.map((field) => [field, `value of ${field}`]))
    const all = Object.fromEntries(
      FIELD_NAMES.map((field) => [
        field,
        { class: 'read-only', rule: [{ evidence: 'declared', reads: [], why: 'a test', from: () => values[field] }] },
      ]),
    )
    const image = createNormalizer('toy', all as unknown as ImageMapping<object>)({}, WHERE, null)
    expect(Object.fromEntries(FIELD_NAMES.map((field) => [field, getFieldValue(image, field)]))).toEqual(values)
  })

  it('evaluates any number of steps like evaluateRule', () => {
    const tried: string[] = []
    const step = (name: string, value: string | null | undefined): ReturnType<typeof declared<'id', string>> =>
      declared(['id'], () => {
        tried.push(name)
        return value
      })
    const many: ImageMapping<Steps> = {
      ...mapping,
      name: readOnlyField(chooseFirst(step('1', undefined), step('2', null), step('3', 'c'), step('4', 'd'))),
    }
    expect(createNormalizer('toy', many)({ id: 'x' }, WHERE, null).name).toBe('c')
    expect(tried).toEqual(['1', '2', '3'])
  })
})

describe('mappings', () => {
  it('describeFields returns the rule of every field, in order', () => {
    const lines = describeFields('toy', mapping)
    expect(lines.map(({ field }) => field)).toEqual(FIELD_NAMES)
    expect(lines.find(({ field }) => field === 'name')).toEqual({
      field: 'name',
      type: FIELDS.name.type,
      meaning: FIELDS.name.meaning,
      provider: 'toy',
      class: 'read-only',
      steps: [
        { evidence: 'declared', reads: ['first'], why: 'as reported by the provider' },
        { evidence: 'inferred', reads: ['second'], why: 'the second' },
      ],
    })
    expect(lines.find(({ field }) => field === 'tags')).toMatchObject({ class: null, steps: [] })
  })
})
