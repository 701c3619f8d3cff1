import { describe, expect, it } from '@jest/globals'
import type { Query } from '@imago/core/provider'
import { toLabelSelector } from '../src/requests/label-selector.ts'
import { findLabelProblem, findNewLabelProblem } from '../src/requests/labels.ts'
import { toListParameters } from '../src/requests/image-query.ts'

/** The parameters without undefined ones. */
const toParameters = (query: Query): unknown => {
  const parameters = toListParameters(query)
  return parameters === null ? null : JSON.parse(JSON.stringify(parameters))
}

describe('toListParameters', () => {
  it('includes deprecated images by default', () => expect(toParameters({})).toEqual({ include_deprecated: true }))

  it.each<[Query, unknown]>([
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
    // The API might refuse a word that imago does not know, so the filter is applied afterwards.
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
    // Hetzner has no parameters for these.
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
  ])('converts %j', (query, expected) =>
    expect(toParameters(query)).toEqual({ include_deprecated: true, ...(expected as object) }),
  )

  it('excludes deprecated images on request', () =>
    expect(toParameters({ deprecated: false })).toEqual({ include_deprecated: false }))

  it.each<Query>([
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
  ])('returns null if no image can match: %j', (query) => {
    expect(toListParameters(query)).toBeNull()
  })
})

describe('toLabelSelector', () => {
  it.each<[NonNullable<Query['labels']>, string | undefined]>([
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
  ])('converts %j', (labels, selector) => expect(toLabelSelector(labels)).toBe(selector))
})

describe('findLabelProblem', () => {
  const long = 'x'.repeat(63)
  it.each([
    {},
    { a: '' },
    { 'a-b_c.D9': 'Z-z_z.0' },
    { [long]: long },
    { [`${'p'.repeat(253)}/${long}`]: '1' },
    { 'hetzner.cloud/x': '1' },
  ])('accepts %j', (labels) => expect(findLabelProblem(labels)).toBeNull())

  it.each(['', 'ä', '-a', 'a-', 'a b', '/a', 'a/', 'a/b/c', `${long}x`, `${'p'.repeat(254)}/a`, 'a\n'])(
    'reports the key %j',
    (key) => {
      expect(findLabelProblem({ ok: '1', [key]: '1' })).toMatch(/^invalid label key .*: a key is up to 63/)
    },
  )

  it.each(['-a', 'a-', 'a b', 'a/b', `${long}x`, 'ä', ' '])('reports the value %j', (value) => {
    expect(findLabelProblem({ ok: '1', key: value })).toMatch(
      /^invalid value ".*" of label key: a value is empty, or up to 63/,
    )
  })

  it('reports reserved labels only if the user sets them', () => {
    expect(findNewLabelProblem({ 'hetzner.cloud/x': '1' })).toBe(
      'the label hetzner.cloud/x is reserved: Hetzner sets keys that begin with hetzner.cloud/',
    )
    expect(findNewLabelProblem({ a: '1' })).toBeNull()
    expect(findNewLabelProblem(undefined)).toBeNull()
  })
})
