import { describe, expect, it } from '@jest/globals'
import { createResults, formatBudgets, formatMinutes, formatResult, isMet } from '../../bench/budget-table.mjs'

const UPLOAD = {
  id: 'upload',
  part: 'bytes',
  work: 'upload `a`',
  limit: 1.05,
  unit: '× `curl \\| tee`',
  measure: 'wall time',
}
const LIST = { id: 'list', part: 'live', work: 'list', limit: 0.6, unit: '× curl', measure: 'wall time' }

describe('isMet', () => {
  it.each([
    ['below the limit', [1.04], true],
    ['at the limit', [1.05], true],
    ['that rounds to the limit', [1.0549], true],
    ['that rounds beyond the limit', [1.056], false],
    ['of several rounds, of which one is beyond the limit', [1, 1.01, 3], true],
    ['of several rounds, of which most are beyond the limit', [1, 1.1, 1.2], false],
  ])('compares a median %s', (_, values, expected) => expect(isMet(UPLOAD, { values })).toBe(expected))
})

describe('formatResult', () => {
  it('formats median, spread and verdict', () =>
    expect(formatResult(UPLOAD, { values: [1.22, 1.31, 1.57] })).toBe('1.31 (1.22–1.57), not met'))

  it('has no spread for one value', () => expect(formatResult(UPLOAD, { values: [1] })).toBe('1.00, met'))

  it('names what the values belong to', () =>
    expect(formatResult(UPLOAD, { values: [1], detail: 'imago diff' })).toBe('1.00, met, imago diff'))

  it('gives the reason for a skipped row', () =>
    expect(formatResult(UPLOAD, { skipped: 'jq is not installed' })).toBe('skipped: jq is not installed'))

  it('marks a row that has no result', () => expect(formatResult(UPLOAD, undefined)).toBe('–'))
})

describe('createResults', () => {
  it('collects values, details and reasons by budget', () => {
    const { results, record, skip } = createResults(['upload', 'list', 'copy'])
    record('upload', [1, 2])
    record('list', [3], 'table')
    skip('copy', 'there is no curl')
    expect(results).toEqual({
      upload: { values: [1, 2] },
      list: { values: [3], detail: 'table' },
      copy: { skipped: 'there is no curl' },
    })
  })

  it('throws for an unknown budget', () =>
    expect(() => createResults(['upload']).record('uplaod', [1])).toThrow('unknown budget "uplaod"'))
})

describe('formatBudgets', () => {
  const runs = [
    { node: '20.20.2', results: { upload: { values: [1.31, 1.2, 1.4] }, list: { skipped: 'no lab' } } },
    { node: '26.10.0', results: { upload: { values: [1.01] } } },
  ]

  it('aligns a column for each Node', () =>
    expect(`\n${formatBudgets([UPLOAD, LIST], runs)}\n`).toBe(`
work      limit              Node 20.20.2               Node 26.10.0  measured by
upload a  1.05 × curl | tee  1.31 (1.20–1.40), not met  1.01, met     wall time, bytes
list      0.6 × curl         skipped: no lab            –             wall time, live
`))

  it('formats a Markdown table', () =>
    expect(`\n${formatBudgets([UPLOAD, LIST], runs, { markdown: true })}\n`).toBe(`
| work | limit | Node 20.20.2 | Node 26.10.0 | measured by |
|---|---|---|---|---|
| upload \`a\` | 1.05 × \`curl \\| tee\` | 1.31 (1.20–1.40), not met | 1.01, met | wall time, \`bytes\` |
| list | 0.6 × curl | skipped: no lab | – | wall time, \`live\` |
`))

  it('keeps a reason with a bar in its cell', () =>
    expect(
      formatBudgets([LIST], [{ node: '20', results: { list: { skipped: 'a | b\nc' } } }], { markdown: true }),
    ).toContain('| skipped: a \\| b c |'))
})

describe('formatMinutes', () => {
  it.each([
    [0.5, 'about 1 min'],
    [39, 'about 39 min'],
    [60, 'about 1 h'],
    [75, 'about 1 h 15 min'],
  ])('formats %s minutes', (minutes, text) => expect(formatMinutes(minutes)).toBe(text))
})
