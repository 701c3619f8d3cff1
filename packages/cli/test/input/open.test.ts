import { describe, expect, it } from '@jest/globals'
import * as zlib from 'node:zlib'
import { inputTitle, openInput } from '../../src/input/open.ts'
import { Problem } from '../../src/problem.ts'
import { temporaryFolder } from '../temporary.ts'
import { ZSTD } from './zstd-fixture.ts'

const folder = temporaryFolder()

const read = async (
  file: string,
): Promise<{ text: string; error: Error | null; bytesRead: number; size: number | null }> => {
  const input = await openInput(file)
  const chunks: Uint8Array[] = []
  let error: Error | null = null
  try {
    for await (const chunk of input.bytes) chunks.push(chunk)
  } catch (thrown) {
    error = thrown as Error
  }
  return { text: Buffer.concat(chunks).toString(), error, bytesRead: input.bytesRead(), size: input.size }
}

const TEXT = '[{"name":"Ünïcödé – 雲"}]\n'
const LONG = TEXT.repeat(100_000)

describe('openInput', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['plain', TEXT, TEXT],
    ['nothing', '', ''],
    ['one byte', '[', '['],
    ['gzip', zlib.gzipSync(TEXT), TEXT],
    ['gzip of nothing', zlib.gzipSync(''), ''],
    ['long gzip', zlib.gzipSync(LONG), LONG],
    [
      'concatenated gzip members',
      Buffer.concat([zlib.gzipSync(TEXT), zlib.gzipSync(LONG), zlib.gzipSync(TEXT)]),
      TEXT + LONG + TEXT,
    ],
    ['zstd', ZSTD.one, ZSTD.text],
    ['concatenated zstd frames', Buffer.concat([ZSTD.one, ZSTD.one]), ZSTD.text + ZSTD.text],
    ['zstd with a high compression ratio', Buffer.concat([ZSTD.many, ZSTD.many]), ZSTD.text.repeat(80_000)],
    ['UTF-16LE with a byte order mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), TEXT],
    ['UTF-16BE with a byte order mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16(), TEXT],
    ['UTF-16LE without a byte order mark', Buffer.from(TEXT, 'utf16le'), TEXT],
    ['gzip of UTF-16', zlib.gzipSync(Buffer.from(`\ufeff${LONG}`, 'utf16le')), LONG],
    ['gzip in gzip', zlib.gzipSync(zlib.gzipSync(LONG)), LONG],
    ['gzip of zstd', zlib.gzipSync(ZSTD.one), ZSTD.text],
    ['long UTF-16LE', Buffer.from(`\ufeff${LONG}`, 'utf16le'), LONG],
  ])('reads %s', async (name, content, text) => {
    const { text: got, error, bytesRead, size } = await read(folder.file(name, content))
    expect(error).toBeNull()
    expect(got === text).toBe(true)
    expect(size).toBe(Buffer.from(content).length)
    expect(bytesRead).toBe(size)
  })

  it('returns the data before the end of a truncated gzip', async () => {
    const { text, error } = await read(folder.file('cut.gz', zlib.gzipSync(LONG).subarray(0, -1000)))
    expect(text.length).toBeGreaterThan(LONG.length / 2)
    expect(LONG.startsWith(text)).toBe(true)
    expect(error?.message).toBe('unexpected end of file')
  })

  it('fails when a zstd is truncated', async () => {
    const { error } = await read(folder.file('cut.zst', ZSTD.one.subarray(0, -7)))
    expect(error?.message).toBe('unexpected EOF')
  })

  it('reads UTF-16BE without a byte order mark', async () => {
    expect((await read(folder.file('be', Buffer.from(TEXT, 'utf16le').swap16()))).text).toBe(TEXT)
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['UTF-32LE with a byte order mark', Uint8Array.from([0xff, 0xfe, 0, 0, 0x5b, 0, 0, 0]), /UTF-32.*iconv/],
    ['UTF-32BE with a byte order mark', Uint8Array.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x5b]), /UTF-32/],
    ['UTF-32LE without one', Uint8Array.from([0x5b, 0, 0, 0, 0x5d, 0, 0, 0]), /UTF-32/],
    ['UTF-32BE without one', Uint8Array.from([0, 0, 0, 0x5b]), /UTF-32/],
    [
      'UTF-16 that is cut in a character',
      Buffer.concat([Buffer.from('\ufeff[', 'utf16le'), Uint8Array.of(0x5d)]),
      /not valid UTF-16/,
    ],
    ['a lone surrogate', Buffer.from('\ufeff["\ud800"]', 'utf16le'), /not valid UTF-16/],
    ['zip', Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0]), /zip archive or a spreadsheet/],
    ['zip in gzip', zlib.gzipSync(Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0])), /zip archive/],
    ['tar', Buffer.concat([Buffer.from('a.json'.padEnd(257, '\0')), Buffer.from('ustar\0')]), /tar archive/],
    ['SQLite', Buffer.from('SQLite format 3\0'), /SQLite/],
    ['a Parquet file', Buffer.from('PAR1xxxx'), /Parquet/],
    ['a disk', Uint8Array.from([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]), /disk image \(qcow2\)/],
    ['a pickle', Uint8Array.from([0x80, 0x04, 0x95, 0x10]), /Python pickle/],
  ])('refuses %s with its type', async (_, bytes, reason) => {
    const { error } = await read(folder.file('other', bytes))
    expect(error).toBeInstanceOf(Problem)
    expect(error?.message).toMatch(reason)
  })

  it('refuses real bzip2 and xz files with their type', async () => {
    for (const magic of [
      [0x42, 0x5a, 0x68, 0x39],
      [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    ]) {
      const { error } = await read(folder.file('other', Uint8Array.from(magic)))
      expect(error).toBeInstanceOf(Problem)
      expect(error?.message).toContain('decompress it first')
    }
  })

  it('fails immediately for a missing file or a directory', async () => {
    await expect(openInput(folder.path('missing.json'))).rejects.toThrow(
      new Problem(`cannot read ${folder.path('missing.json')}: no such file`),
    )
    await expect(openInput(folder.path('.'))).rejects.toThrow('it is a directory')
  })

  it('returns the name of an input in messages', () => {
    expect(inputTitle('-')).toBe('stdin')
    expect(inputTitle('a.json')).toBe('a.json')
  })
})
