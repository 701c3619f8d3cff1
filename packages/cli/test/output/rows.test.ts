import { describe, expect, test } from '@jest/globals'
import { EXIT } from '../../src/exit-code.ts'
import { column, columnSet, type ColumnSet } from '../../src/output/column.ts'
import { printRows, requestRows, type PrintOptions } from '../../src/output/rows.ts'
import { memoryOutput } from '../memory-output.ts'
import { DRIVES_TERMINAL, HOSTILE } from '../records.ts'

interface Disk {
  readonly id: string
  readonly size: number | null
  readonly note: string | null
}

const DISKS: ColumnSet<Disk> = columnSet('id', [
  column('id', 'ID', ({ id }) => id, { whole: true }),
  column('sizeBytes', 'SIZE', ({ size }) => size, {
    align: 'right',
    show: ({ size }) => (size === null ? '-' : `${size} B`),
  }),
  column('note', 'NOTE', ({ note }) => note),
])

const rows: readonly Disk[] = [
  { id: 'b', size: 9, note: 'tab\tand\nline' },
  { id: 'a', size: 10, note: null },
  { id: 'c', size: null, note: '=1+1' },
]

const print = async (
  options: Partial<PrintOptions>,
  set = DISKS,
  given = rows,
  isTerminal = false,
): Promise<string> => {
  const output = memoryOutput({ isTerminal })
  await printRows(set, requestRows(set, { output: 'table', ...options }), given, output, (disks) => ({ disks }))
  return output.text()
}

describe('printRows', () => {
  test('a table for people', async () => {
    expect(await print({}, DISKS, rows.slice(1))).toBe('ID  SIZE  NOTE\na   10 B  -\nc      -  =1+1\n')
    expect(await print({ header: false, columns: 'size' })).toBe(' 9 B\n10 B\n   -\n')
  })

  test('value: tabs between values for programs, a line a row', async () => {
    expect(await print({ output: 'value' })).toBe('b\t9\ttab and line\na\t10\t\nc\t\t=1+1\n')
    expect(await print({ output: 'value', columns: 'NOTE,sizebytes' })).toBe('tab and line\t9\n\t10\n=1+1\t\n')
  })

  test('csv: with the names of the columns, and no formula', async () => {
    expect(await print({ output: 'csv', columns: 'id,Note' })).toBe('id,note\nb,"tab\tand\nline"\na,\nc,\'=1+1\n')
    expect(await print({ output: 'csv', columns: 'note', header: false, rawCsv: true }, DISKS, rows.slice(2))).toBe(
      '=1+1\n',
    )
  })

  test('-q: IDs only', async () => {
    expect(await print({ quiet: true })).toBe('b\na\nc\n')
    expect(await print({ quiet: true, sort: 'id:desc' })).toBe('c\nb\na\n')
  })

  test('sorts by headings and names, numbers as numbers, what has no value last', async () => {
    expect(await print({ quiet: true, sort: 'SIZE' })).toBe('b\na\nc\n')
    expect(await print({ quiet: true, sort: 'sizeBytes:desc' })).toBe('a\nb\nc\n')
    expect(JSON.parse(await print({ output: 'json', sort: 'id' }))).toEqual({ disks: [rows[1], rows[0], rows[2]] })
  })

  test.each(['table', 'value', 'csv', 'json'])(
    '%s drives no terminal, and prints no secret of a URL',
    async (output) => {
      const hostile = [{ id: HOSTILE, size: 1, note: 'https://user:hunter2@host/' }]
      const text = await print({ output }, DISKS, hostile, true)
      expect(text).not.toMatch(DRIVES_TERMINAL)
      expect(text).not.toContain('hunter2')
    },
  )
})

describe('requestRows', () => {
  test.each<[Partial<PrintOptions>, string]>([
    [{ columns: 'id,nots' }, 'unknown column "nots" (one of: id, sizeBytes, note). Did you mean note?'],
    [{ sort: 'nots' }, 'unknown column "nots"'],
    [{ sort: 'id:down' }, '--sort: unknown direction "down" (one of: asc, desc)'],
    [{ output: 'json', columns: 'id' }, '--columns applies only to -o table, csv and value: json has all fields'],
    [{ output: 'value', header: false }, '--no-header applies only to -o table and csv: value has no header row'],
    [{ output: 'json', quiet: true }, '-q and -o json cannot be combined: -q prints only IDs'],
    [
      { quiet: true, columns: 'id' },
      '-q and --columns cannot be combined: -q prints only IDs. Use -o value --columns id',
    ],
    [{ quiet: true, header: false }, '-q and --no-header cannot be combined'],
    [{ rawCsv: true }, '--raw-csv applies only to -o csv'],
  ])('%j is a usage error', (options, message) => {
    expect(() => requestRows(DISKS, { output: 'table', ...options })).toThrow(
      expect.objectContaining({ exitCode: EXIT.usage, message: expect.stringContaining(message) }),
    )
  })

  test('rows without IDs have none to print', () => {
    expect(() => requestRows({ ...DISKS, id: null }, { output: 'table', quiet: true })).toThrow(
      /these rows have no IDs. Use -o value/,
    )
  })
})
