import { describe, expect, it } from '@jest/globals'
import { parseContentLength, parseContentRange, parseTotalSize } from '../src/content-range.ts'
import { toHeaders } from '../src/headers.ts'

const range = (text: string) => toHeaders([['content-range', text]])

describe('parseContentRange', () => {
  it('returns the range with an exclusive end', () =>
    expect(parseContentRange(range('bytes 10-19/100'))).toEqual({ start: 10, end: 20, total: 100 }))

  it('returns no total if the server does not know it', () =>
    expect(parseContentRange(range(' Bytes 0-0/* '))).toEqual({ start: 0, end: 1, total: null }))

  it.each([
    '',
    'bytes */100',
    'bytes 5-4/100',
    'bytes 0-1',
    'items 0-1/2',
    'bytes 0-1/2, 4-5/6',
    `bytes 0-1/${'9'.repeat(16)}`,
  ])('returns null for %j', (text) => expect(parseContentRange(range(text))).toBeNull())

  it('returns null without the header', () => expect(parseContentRange(toHeaders([]))).toBeNull())
})

describe('parseTotalSize', () => {
  it('returns the size of an unsatisfied range', () => expect(parseTotalSize(range('bytes */100'))).toBe(100))
  it('returns the size of a satisfied range', () => expect(parseTotalSize(range('bytes 0-0/7'))).toBe(7))
  it('returns null for an unknown size', () => expect(parseTotalSize(range('bytes 0-0/*'))).toBeNull())
})

describe('parseContentLength', () => {
  it('returns bytes', () => expect(parseContentLength(toHeaders([['content-length', '12']]))).toBe(12))
  it.each(['', '-1', '1e3', '1.5', '5, 5', '9'.repeat(16)])('returns null for %j', (text) =>
    expect(parseContentLength(toHeaders([['content-length', text]]))).toBeNull(),
  )
})
