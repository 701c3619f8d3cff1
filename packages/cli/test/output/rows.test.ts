import { describe, expect, it } from '@jest/globals'
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
  it('prints a table for people', async () => {
    expect(await print({}, DISKS, rows.slice(1))).toBe('ID  SIZE  NOTE\na   10 B  -\nc      -  =1+1\n')
    expect(await print({ header: false, columns: 'size' })).toBe(' 9 B\n10 B\n   -\n')
  })

  it('prints value: a line for each row, with tabs between values', async () => {
    expect(await print({ output: 'value' })).toBe('b\t9\ttab and line\na\t10\t\nc\t\t=1+1\n')
    expect(await print({ output: 'value', columns: 'NOTE,sizebytes' })).toBe('tab and line\t9\n\t10\n=1+1\t\n')
  })

  it('prints csv with the names of the columns, and escapes formulas', async () => {
    expect(await print({ output: 'csv', columns: 'id,Note' })).toBe('id,note\nb,"tab\tand\nline"\na,\nc,\'=1+1\n')
    expect(await print({ output: 'csv', columns: 'note', header: false, rawCsv: true }, DISKS, rows.slice(2))).toBe(
      '=1+1\n',
    )
  })

  it('prints only IDs with -q', async () => {
    expect(await print({ quiet: true })).toBe('b\na\nc\n')
    expect(await print({ quiet: true, sort: 'id:desc' })).toBe('c\nb\na\n')
  })

  it('sorts by headings and names, numbers by value, missing values last', async () => {
    expect(await print({ quiet: true, sort: 'SIZE' })).toBe('b\na\nc\n')
    expect(await print({ quiet: true, sort: 'sizeBytes:desc' })).toBe('a\nb\nc\n')
    expect(JSON.parse(await print({ output: 'json', sort: 'id' }))).toEqual({ disks: [rows[1], rows[0], rows[2]] })
  })

  it.each(['table', 'value', 'csv', 'json'])(
    'escapes control characters and masks secrets of URLs: %s',
    async (output) => {
      const hostile = [{ id: HOSTILE, size: 1, note: 'https://user:hunter2@host/' }]
      const text = await print({ output }, DISKS, hostile, true)
      expect(text).not.toMatch(DRIVES_TERMINAL)
      expect(text).not.toContain('hunter2')
    },
  )
})

describe('requestRows', () => {
  it.each<[Partial<PrintOptions>, string]>([
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
  ])('refuses %j as a usage error', (options, message) => {
    expect(() => requestRows(DISKS, { output: 'table', ...options })).toThrow(
      expect.objectContaining({ exitCode: EXIT.usage, message: expect.stringContaining(message) }),
    )
  })

  it('refuses -q for rows without IDs', () => {
    expect(() => requestRows({ ...DISKS, id: null }, { output: 'table', quiet: true })).toThrow(
      /these rows have no IDs. Use -o value/,
    )
  })
})
