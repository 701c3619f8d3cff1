import { expect, test } from '@jest/globals'
import { firstInvalidByte, newlinesBefore, notUtf8 } from '../src/utf8.ts'

test.each<[string, Buffer, number | null]>([
  ['ASCII', Buffer.from('abc'), null],
  ['UTF-8', Buffer.from('Ünïcödé – 雲 😀'), null],
  ['a true U+FFFD', Buffer.from('a\ufffdb'), null],
  ['Latin-1', Buffer.from('a: J\u00fcrgen', 'latin1'), 4],
  ['Latin-1 behind UTF-8', Buffer.concat([Buffer.from('雲\ufffd😀 '), Buffer.from('\u00e9', 'latin1')]), 11],
  ['a character that was cut', Buffer.from('a雲').subarray(0, 3), 1],
  ['a surrogate', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 1],
])('the first byte of %s that is no UTF-8', (_, bytes, at) => expect(firstInvalidByte(bytes)).toBe(at))

test('lines are counted up to a byte', () => {
  expect(newlinesBefore(Buffer.from('a\nb\nc'), 3)).toBe(1)
  expect(newlinesBefore(Buffer.from('a\nb\nc'), 5)).toBe(2)
})

test('the byte is named, and what to do', () => expect(notUtf8(0xfc)).toMatch(/byte 0xfc.*iconv/))
