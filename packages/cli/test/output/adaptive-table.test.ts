import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { printAdaptiveTable, type AdaptiveColumn, type AdaptiveRow } from '../../src/output/adaptive-table.ts'
import { memoryOutput } from '../memory-output.ts'

const COLUMNS: readonly AdaptiveColumn[] = [{ title: 'FIELD', isKey: true }, { title: 'FROM' }, { title: 'REASON' }]
const ROWS: readonly AdaptiveRow[] = [
  {
    cells: ['name', 'a long value of several words', 'the target has its own names'],
    short: ['name', 'a long…', 'own names'],
  },
  { cells: ['id', '', ''] },
]

const print = (width: number | null, rows = ROWS) => {
  const output = memoryOutput({ isTerminal: width !== null, width })
  printAdaptiveTable(output, COLUMNS, rows)
  return output
}

describe('printAdaptiveTable', () => {
  it('prints complete cells in columns when they fit', () => {
    expect(print(80).lines()).toEqual([
      'FIELD  FROM                           REASON',
      'name   a long value of several words  the target has its own names',
      'id     -                              -',
    ])
  })

  it('prints a line for each cell beside the keys when they do not fit', () => {
    expect(print(40).lines()).toEqual([
      'FIELD',
      'name   from: a long value of several',
      '         words',
      '       reason: the target has its own',
      '         names',
      'id',
    ])
  })

  it('prints the short texts when the output is not a terminal', () => {
    expect(print(null).lines()[1]).toBe('name   a long…  own names')
  })

  it('prints nothing without rows', () => {
    expect(print(40, []).text()).toBe('')
  })

  it('cuts no word at any width', () => {
    const word = fc.stringMatching(/^[a-z0-9-]{1,60}$/)
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.array(fc.tuple(word, word, word), { maxLength: 5 }),
        (width, all) => {
          const text = print(
            width,
            all.map((cells) => ({ cells })),
          ).text()
          for (const one of all.flat()) expect(text).toContain(one)
        },
      ),
      { numRuns: 100 },
    )
  })
})
