import { describe, expect, it } from '@jest/globals'
import { parseLabelSelector } from '../../src/hetzner/label-selector.ts'

const labels = { env: 'prod', role: 'web', flag: '', 'example.com/build': '1.2', constructor: 'x' }

describe('parseLabelSelector matches', () => {
  it.each([
    '',
    'env',
    'env=prod',
    'env==prod',
    'env = prod',
    'env!=test',
    '!missing',
    'missing!=x',
    'flag',
    'flag=',
    'env in (prod,test)',
    'env in ( prod )',
    'role notin (db)',
    'missing notin (a,b)',
    'env=prod,role=web',
    'env in (a,prod),!missing, role',
    'example.com/build=1.2',
  ])('%s', (selector) => {
    expect(parseLabelSelector(selector)?.(labels)).toBe(true)
  })
})

describe('parseLabelSelector does not match', () => {
  it.each([
    'env=test',
    'env!=prod',
    '!env',
    'missing',
    'missing=',
    'toString',
    'env in (test)',
    'env notin (prod,test)',
    'env=prod,role=db',
    'flag=x',
  ])('%s', (selector) => {
    expect(parseLabelSelector(selector)?.(labels)).toBe(false)
  })
})

describe('parseLabelSelector returns null for', () => {
  it.each([
    'env in',
    'env in prod',
    'env in (a b)',
    '=x',
    'env=a=b',
    'env>1',
    ',',
    'env,',
    '-env',
    'env=-x',
    'a/b/c=',
    '!',
    '!env=prod',
  ])('%s', (selector) => {
    expect(parseLabelSelector(selector)).toBeNull()
  })
})
