import { describe, expect, test } from '@jest/globals'
import type { Query } from '@imago/core/provider'
import { toLabelSelector } from '../src/requests/label-selector.ts'
import { findLabelProblem, findNewLabelProblem } from '../src/requests/labels.ts'
import { toListParameters } from '../src/requests/image-query.ts'

/** Without what is not asked for. */
const said = (query: Query): unknown => {
  const parameters = toListParameters(query)
  return parameters === null ? null : JSON.parse(JSON.stringify(parameters))
}

describe('a query as parameters', () => {
  test('everything, deprecated images too', () => expect(said({})).toEqual({ include_deprecated: true }))

  test.each<[Query, unknown]>([
    [{ kind: 'system' }, { type: ['system'] }],
    [{ kind: 'snapshot' }, { type: ['snapshot'] }],
    [{ kind: 'unknown' }, {}],
    [{ visibility: 'public' }, { type: ['system', 'app'] }],
    [{ visibility: 'private' }, { type: ['snapshot', 'backup'] }],
    [{ visibility: 'unknown' }, {}],
    [{ visibility: 'private', kind: 'backup' }, { type: ['backup'] }],
    [{ visibility: 'unknown', kind: 'backup' }, { type: ['backup'] }],
    [{ visibility: 'public', kind: 'unknown' }, { type: ['system', 'app'] }],
    [{ status: 'pending' }, { status: ['creating'] }],
    [{ status: 'available' }, { status: ['available'] }],
    [{ status: 'unavailable' }, { status: ['unavailable'] }],
    [{ status: 'deleted' }, {}],
    [{ status: 'unknown' }, {}],
    [{ architecture: 'x86_64' }, { architecture: 'x86' }],
    [{ architecture: 'aarch64' }, { architecture: 'arm' }],
    // A word of Hetzner's that imago does not know yet stays as it is; the API might refuse others.
    [{ architecture: 'riscv64' }, {}],
    [{ name: 'ubuntu-24.04' }, { name: 'ubuntu-24.04' }],
    [{ name: '' }, {}],
    [{ labels: { role: 'web', keep: true } }, { label_selector: 'role==web,keep' }],
    [{ labels: {} }, {}],
    [{ kind: ['snapshot', 'backup'] }, { type: ['snapshot', 'backup'] }],
    [{ kind: ['system', 'image'] }, { type: ['system'] }],
    [{ kind: ['system', 'unknown'] }, {}],
    [{ visibility: ['public', 'private'] }, { type: ['system', 'app', 'snapshot', 'backup'] }],
    [{ status: ['available', 'pending'] }, { status: ['available', 'creating'] }],
    [{ name: ['a', 'b'], architecture: ['x86_64', 'aarch64'] }, {}],
    [
      { labels: { role: ['web', 'db'], env: { not: ['prod'] }, old: false } },
      { label_selector: 'role in (web,db),env notin (prod),!old' },
    ],
    // A selector has no "or".
    [{ labels: [{ role: 'web' }, { role: 'db' }] }, {}],
    [{ deprecated: true }, {}],
    // What Hetzner has no parameter for.
    [
      {
        distro: 'debian',
        version: '12',
        description: 'x',
        owner: 'y',
        tags: ['z'],
        properties: { p: 'q' },
        newerThan: '2025-01-01T00:00:00Z',
        olderThan: '2026-01-01T00:00:00Z',
        hidden: 'only',
        text: 'w',
      },
      {},
    ],
  ])('%j', (query, expected) => expect(said(query)).toEqual({ include_deprecated: true, ...(expected as object) }))

  test('without the deprecated ones', () => expect(said({ deprecated: false })).toEqual({ include_deprecated: false }))

  test.each<Query>([
    { kind: 'image' },
    { visibility: 'shared' },
    { visibility: 'community' },
    { status: 'failed' },
    { status: 'deleting' },
    { kind: 'system', visibility: 'private' },
    { kind: [] },
    { name: [] },
    { architecture: [] },
    { labels: [] },
    { labels: { role: [] } },
    { visibility: ['shared', 'community'] },
  ])('%j: there can be none', (query) => {
    expect(toListParameters(query)).toBeNull()
  })
})

describe('labels as a selector', () => {
  test.each<[NonNullable<Query['labels']>, string | undefined]>([
    [{ 'example.test/build': '2026.05' }, 'example.test/build==2026.05'],
    [{ empty: '' }, 'empty'],
    [{ a: 'x', 'b c': true, d: true }, 'a==x,d'],
    [{ 'a,!b': 'x' }, undefined],
    [{ a: 'x,!b' }, 'a'],
    [{ a: 'x)y' }, 'a'],
    [{ 'UPPER/key': '1', 'hetzner.cloud/x': '1', a: '1' }, 'a==1'],
    [{ a: ['x', 'y'] }, 'a in (x,y)'],
    [{ a: ['x', ''] }, 'a'],
    [{ a: ['x', 'y)'] }, 'a'],
    [{ a: false, 'b c': false }, '!a'],
    [{ a: { not: ['x', '', 'y z'] } }, 'a notin (x)'],
    [{ a: { not: [''] } }, undefined],
    [{ a: { not: ['x'], present: true } }, 'a,a notin (x)'],
    [JSON.parse('{"__proto__": "x"}') as Record<string, string>, undefined],
  ])('%j', (labels, selector) => expect(toLabelSelector(labels)).toBe(selector))
})

describe('what is wrong with labels', () => {
  const long = 'x'.repeat(63)
  test.each([
    {},
    { a: '' },
    { 'a-b_c.D9': 'Z-z_z.0' },
    { [long]: long },
    { [`${'p'.repeat(253)}/${long}`]: '1' },
    { 'hetzner.cloud/x': '1' },
  ])('nothing: %j', (labels) => expect(findLabelProblem(labels)).toBeNull())

  test.each(['', 'ä', '-a', 'a-', 'a b', '/a', 'a/', 'a/b/c', `${long}x`, `${'p'.repeat(254)}/a`, 'a\n'])(
    'the key %j',
    (key) => {
      expect(findLabelProblem({ ok: '1', [key]: '1' })).toMatch(/^invalid label key .*: a key is up to 63/)
    },
  )

  test.each(['-a', 'a-', 'a b', 'a/b', `${long}x`, 'ä', ' '])('the value %j', (value) => {
    expect(findLabelProblem({ ok: '1', key: value })).toMatch(
      /^invalid value ".*" of label key: a value is empty, or up to 63/,
    )
  })

  test('of those that a user sets: Hetzner’s own', () => {
    expect(findNewLabelProblem({ 'hetzner.cloud/x': '1' })).toBe(
      'the label hetzner.cloud/x is reserved: Hetzner sets keys that begin with hetzner.cloud/',
    )
    expect(findNewLabelProblem({ a: '1' })).toBeNull()
    expect(findNewLabelProblem(undefined)).toBeNull()
  })
})
