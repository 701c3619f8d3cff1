import { describe, expect, it } from '@jest/globals'
import type { Drift } from '@imago/core'
import { createDriftGatherer } from '../src/drift-report.ts'

const place = (pointer: string, file = 'a.json') => ({ file, line: 1, pointer })
const word = (path: string, text: string, id = '1'): Drift => ({
  kind: 'unknown-word',
  pointer: path,
  path,
  word: text,
  provider: 'hetzner',
  id,
})
const key = (path: string, got = 'string'): Drift => ({
  kind: 'unknown-key',
  pointer: path,
  path,
  got,
  provider: 'hetzner',
  id: '1',
})

describe('createDriftGatherer', () => {
  it('groups equal drift with its count and first location, and replaces indices by *', () => {
    const gatherer = createDriftGatherer()
    gatherer.image([word('/tags/3', 'new', 'first')], place('/images/0'))
    gatherer.image([word('/tags/11', 'new'), word('/tags/0', 'other')], place('/images/1', 'b.json'))
    gatherer.image([], place('/images/2'))
    const report = gatherer.report()
    expect(report).toMatchObject({ images: 3, rejected: 0, notes: 3, rejections: [] })
    expect(report.drift).toHaveLength(2)
    expect(report.drift[0]).toEqual({
      kind: 'unknown-word',
      provider: 'hetzner',
      path: '/tags/*',
      word: 'new',
      count: 2,
      first: expect.objectContaining({ file: 'a.json', pointer: '/images/0/tags/3', id: 'first' }),
    })
    expect(report.drift[1]).toMatchObject({
      word: 'other',
      count: 1,
      first: { file: 'b.json', pointer: '/images/1/tags/0' },
    })
  })

  it('keeps a numeric key of the record, which is not an index', () => {
    const gatherer = createDriftGatherer()
    gatherer.image([key('/a1/2b'), key('/1/2')], place(''))
    expect(gatherer.report().drift.map(({ path }) => path)).toEqual(['/1/*', '/a1/2b'])
  })

  it('separates kinds, words and types, in an order independent of the input', () => {
    const notes: readonly Drift[] = [
      key('/z'),
      key('/a'),
      key('/a', 'number'),
      word('/a', 'x'),
      {
        kind: 'wrong-type',
        pointer: '/a',
        path: '/a',
        expected: 'string',
        got: 'number',
        provider: 'hetzner',
        id: '1',
      },
    ]
    const report = (order: readonly Drift[]) => {
      const gatherer = createDriftGatherer()
      gatherer.image(order, place(''))
      return gatherer.report().drift
    }
    expect(report(notes)).toHaveLength(5)
    expect(report(notes.toReversed())).toEqual(report(notes))
  })

  it('reports rejections with their location', () => {
    const gatherer = createDriftGatherer()
    const issues = [{ pointer: '/images/3/id', expected: 'string', got: 'null' }]
    gatherer.rejection({ provider: 'openstack', issues }, { file: 'a.json', line: 7, pointer: '/images/3' })
    expect(gatherer.report()).toMatchObject({
      images: 0,
      rejected: 1,
      rejections: [{ file: 'a.json', line: 7, pointer: '/images/3', provider: 'openstack', issues }],
    })
  })

  it('limits the number of words, and counts the others', () => {
    const gatherer = createDriftGatherer()
    for (let index = 0; index < 10_500; index++) {
      gatherer.image([word('/status', String(index))], place(''))
      gatherer.rejection({ provider: null, issues: [] }, place(''))
    }
    const report = gatherer.report()
    expect(report).toMatchObject({ notes: 10_500, rejected: 10_500 })
    expect(report.drift).toHaveLength(10_000)
    expect(report.rejections).toHaveLength(10_000)
  })
})
