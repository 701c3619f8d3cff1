import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRowGroups } from '../../src/rows/row-groups.ts'
import type { Row } from '../../src/rows/cell.ts'

const collect = (limits: { rows: number; characters: number }, rows: readonly Row[]) => {
  const groups = createRowGroups(limits)
  for (const row of rows) groups.push(row)
  return { full: groups.takeFull(), rest: groups.takeAll() }
}

describe('createRowGroups', () => {
  it('ends a group after the given number of rows', () => {
    const { full, rest } = collect({ rows: 2, characters: 100 }, [['a'], ['b'], ['c'], ['d'], ['e']])
    expect(full).toEqual([
      [['a'], ['b']],
      [['c'], ['d']],
    ])
    expect(rest).toEqual([[['e']]])
  })

  it('ends a group of fewer rows when their text is long', () => {
    const { full, rest } = collect({ rows: 100, characters: 5 }, [
      ['abc', 1],
      [null, 'def'],
      ['g', true],
    ])
    expect(full).toEqual([
      [
        ['abc', 1],
        [null, 'def'],
      ],
    ])
    expect(rest).toEqual([[['g', true]]])
  })

  it('returns each group once', () => {
    const groups = createRowGroups({ rows: 1, characters: 100 })
    groups.push(['a'])
    groups.takeFull()
    expect(groups.takeAll()).toEqual([])
  })

  it('returns all rows in order, in groups that do not exceed a limit before their last row', () => {
    const limits = { rows: 5, characters: 20 }
    const length = (rows: readonly Row[]): number => rows.flat().join('').length
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ maxLength: 30 }))), (rows) => {
        const { full, rest } = collect(limits, rows)
        const groups = [...full, ...rest]
        expect(groups.flat()).toEqual(rows)
        for (const group of groups) {
          expect(group.length).toBeLessThanOrEqual(limits.rows)
          expect(length(group.slice(0, -1))).toBeLessThan(limits.characters)
        }
      }),
    )
  })
})
