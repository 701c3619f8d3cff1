import { describe, expect, it } from '@jest/globals'
import { findInvalidByte, countNewlines, describeInvalidByte } from '../src/utf8.ts'

describe('findInvalidByte', () => {
  it.each<[string, Buffer, number | null]>([
    ['ASCII', Buffer.from('abc'), null],
    ['UTF-8', Buffer.from('Ünïcödé – 雲 😀'), null],
    ['a true U+FFFD', Buffer.from('a\ufffdb'), null],
    ['Latin-1', Buffer.from('a: J\u00fcrgen', 'latin1'), 4],
    ['Latin-1 behind UTF-8', Buffer.concat([Buffer.from('雲\ufffd😀 '), Buffer.from('\u00e9', 'latin1')]), 11],
    ['a character that was cut', Buffer.from('a雲').subarray(0, 3), 1],
    ['a surrogate', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 1],
  ])('returns the first invalid byte of %s', (_, bytes, at) => expect(findInvalidByte(bytes)).toBe(at))
})

describe('countNewlines', () => {
  it('returns the number of newlines before a byte', () => {
    expect(countNewlines(Buffer.from('a\nb\nc'), 3)).toBe(1)
    expect(countNewlines(Buffer.from('a\nb\nc'), 5)).toBe(2)
  })
})

describe('describeInvalidByte', () => {
  it('names the byte and the remedy', () => expect(describeInvalidByte(0xfc)).toMatch(/byte 0xfc.*iconv/))
})
