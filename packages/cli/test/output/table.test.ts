import { describe, expect, it } from '@jest/globals'
import stringWidth from 'string-width'
import { createTable } from '../../src/output/table.ts'
import { memoryOutput } from '../memory-output.ts'
import { DRIVES_TERMINAL, HOSTILE } from '../records.ts'

const columns = [{ title: 'NAME' }, { title: 'SIZE', align: 'right' as const }, { title: 'NOTE' }]

const print = (rows: readonly (readonly string[])[], options?: Parameters<typeof memoryOutput>[0]) => {
  const output = memoryOutput(options)
  const table = createTable(output, columns)
  for (const row of rows) table.row(row)
  table.end()
  return output
}

describe('createTable', () => {
  it('aligns columns without trailing spaces', () => {
    expect(
      print([
        ['a', '1', 'x'],
        ['long name', '22', ''],
      ]).text(),
    ).toBe('NAME       SIZE  NOTE\na             1  x\nlong name    22\n')
  })

  it('prints nothing without rows', () => {
    expect(print([]).text()).toBe('')
  })

  it('counts wide characters by their width on a terminal', () => {
    const [, wide = '', narrow = ''] = print([
      ['雲のイメージ', '1', 'x'],
      ['abc', '1', 'x'],
    ]).lines()
    expect(stringWidth(wide)).toBe(stringWidth(narrow))
  })

  it('escapes control characters and line breaks in cells', () => {
    const output = print([[HOSTILE, HOSTILE, HOSTILE]], { isTerminal: true, width: 60 })
    expect(output.lines()).toHaveLength(2)
    expect(output.text()).not.toMatch(DRIVES_TERMINAL)
  })

  it('shortens the widest columns to the width of the terminal', () => {
    const output = print(
      [
        ['n'.repeat(100), '5', 'm'.repeat(80)],
        ['雲'.repeat(60), '5', 'm'],
      ],
      { isTerminal: true, width: 60 },
    )
    for (const line of output.lines()) expect(stringWidth(line)).toBeLessThanOrEqual(60)
    expect(output.text()).toContain('…')
    expect(print([['n'.repeat(100), '5', 'm']]).text()).toContain('n'.repeat(100))
  })

  it.each([60, 40, 20, 5])('prints complete IDs at %d columns, and omits columns from the right', (width) => {
    const id = '6e3f4a52-0b8e-4a63-9d57-5f1b3d7c2a90'
    const output = memoryOutput({ isTerminal: true, width })
    const table = createTable(output, [
      { title: 'CLOUD' },
      { title: 'ID', whole: true },
      { title: 'NAME' },
      { title: 'OS' },
      { title: 'NOTE' },
    ])
    table.row(['openstack/demo', id, 'n'.repeat(50), 'ubuntu 24.04', 'm'.repeat(50)])
    table.end()
    expect(output.lines()[1]).toContain(id)
    expect(output.text()).not.toContain('NOTE')
    for (const line of output.lines()) expect(stringWidth(line)).toBeLessThanOrEqual(Math.max(width, id.length))
  })

  it('omits minor columns first', () => {
    const output = memoryOutput({ isTerminal: true, width: 64 })
    const table = createTable(output, [
      { title: 'PROVIDER', minor: true },
      { title: 'ID', whole: true },
      { title: 'NAME' },
      { title: 'STATUS' },
    ])
    table.row(['openstack', '6'.repeat(36), 'n'.repeat(50), 'available'])
    table.end()
    expect(output.lines()[0]?.split(/ +/)).toEqual(['ID', 'NAME', 'STATUS'])
  })

  it('does not cut a longer ID in a later row, nor break its row', () => {
    const output = memoryOutput({ isTerminal: true, width: 30 })
    const table = createTable(output, [{ title: 'ID', whole: true }, { title: 'NAME' }])
    for (let index = 0; index < 600; index++) table.row([index === 599 ? 'x'.repeat(36) : '1', 'name'])
    table.end()
    expect(output.lines()[600]).toBe('x'.repeat(36))
    expect(output.lines()[599]).toBe('1   name')
  })

  it('reserves the expected width of a column', () => {
    const output = memoryOutput({ isTerminal: true, width: 60 })
    const table = createTable(output, [
      { title: 'CLOUD' },
      { title: 'ID', whole: true, minWidth: 36 },
      { title: 'NAME' },
    ])
    table.row(['demo', '1', 'n'.repeat(80)])
    table.settle()
    table.row(['demo', '6e3f4a52-0b8e-4a63-9d57-5f1b3d7c2a90', 'late'])
    table.end()
    const at = output.lines().map((line) => line.search(/NAME|n{4}|late/))
    expect(at).toEqual([45, 45, 45])
  })

  it('keeps the widths after the first 500 rows, and lets wider cells overflow', () => {
    const rows = Array.from({ length: 600 }, (_, index) => [index === 599 ? 'quite a long name' : 'name', '1', 'x'])
    const lines = print(rows).lines()
    expect(lines).toHaveLength(601)
    expect(lines[1]).toBe('name     1  x')
    expect(lines[600]).toBe('quite a long name     1  x')
  })

  it('accepts a huge cell without loss of time or of the width of other columns', () => {
    const rows = [['x'.repeat(1_000_000), '1', ''], ...Array.from({ length: 400 }, () => ['a', '1', ''])]
    expect(print(rows).text().length).toBeLessThan(1_100_000)
    const started = Date.now()
    expect(print(rows, { isTerminal: true, width: 80 }).text().length).toBeLessThan(50_000)
    expect(Date.now() - started).toBeLessThan(5000)
  })
})
