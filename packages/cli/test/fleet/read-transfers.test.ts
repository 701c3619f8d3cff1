import { describe, expect, it } from '@jest/globals'
import { parseTransferFile } from '../../src/fleet/read-transfers.ts'

const parse = (text: string) => parseTransferFile('transfers', text)
const WORDS = {
  kind: 'words',
  words: [
    { source: 'lab:a, b', target: 'prod:' },
    { source: 'lab:c', target: 'prod:d' },
  ],
}

describe('parseTransferFile', () => {
  it('reads CSV with a header row, quotes, a byte order mark and columns in any order', () => {
    expect(parse('\ufefftarget,source\r\nprod:,"lab:a, b"\r\n\r\nprod:d, lab:c\r\n')).toEqual(WORDS)
  })

  it('reads NDJSON', () => {
    expect(parse('{"source":"lab:a, b","target":"prod:"}\n\n{"target":"prod:d","source":"lab:c"}')).toEqual(WORDS)
  })

  it('refuses a column that it does not know, with its line', () => {
    expect(() => parse('source,target,name\nlab:a,prod:,x\n')).toThrow(/line 2: unknown column "name"/)
    expect(() => parse('{"source":"a:b","target":"c:"}\n{"source":"a:b","target":"c:","digest":"x"}')).toThrow(
      /line 2: unknown column "digest"/,
    )
  })

  it('refuses rows without source or target', () => {
    expect(() => parse('source\nlab:a\n')).toThrow(/line 2: the target is missing/)
    expect(() => parse('{"source":"","target":"c:"}\n')).toThrow(/line 1: the source is missing/)
  })

  it('refuses rows of another length, and lines that are not JSON', () => {
    expect(() => parse('source,target\nlab:a\n')).toThrow(/cannot read transfers/)
    expect(() => parse('{"source":"a:b","target":"c:"}\n{oops\n')).toThrow(/cannot read transfers: line 2/)
  })

  it('reads plans with the checks of imago apply', () => {
    expect(() => parse('{"$schema":"urn:imago:schema:plans:1","plans":[{}]}')).toThrow(
      /Name a file written by imago plan -o json/,
    )
  })
})
