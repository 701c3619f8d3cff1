import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { tableRows } from './known-differences.ts'

describe('known differences to a real Glance', () => {
  test('the README lists the known differences', () => {
    const readme = readFileSync(join(__dirname, '..', '..', '..', 'README.md'), 'utf8')
    const [, table = ''] =
      /\| step \| what differs \| Glance \| why \|\n\|---\|---\|---\|---\|\n((?:\|.*\n)+)/.exec(readme) ?? []
    expect(table.trimEnd().split('\n')).toEqual(tableRows())
  })
})
