import { describe, expect, test } from '@jest/globals'
import * as zlib from 'node:zlib'
import { inputTitle, openInput } from '../../src/input/open.ts'
import { Problem } from '../../src/problem.ts'
import { temporaryFolder } from '../temporary.ts'
import { ZSTD } from './zstd-fixture.ts'

const folder = temporaryFolder()

const read = async (file: string): Promise<{ text: string; error: Error | null; bytesRead: number; size: number | null }> => {
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
  test.each<[string, string | Uint8Array, string]>([
    ['plain', TEXT, TEXT],
    ['nothing', '', ''],
    ['one byte', '[', '['],
    ['gzip', zlib.gzipSync(TEXT), TEXT],
    ['gzip of nothing', zlib.gzipSync(''), ''],
    ['long gzip', zlib.gzipSync(LONG), LONG],
    ['gzip members one after the other', Buffer.concat([zlib.gzipSync(TEXT), zlib.gzipSync(LONG), zlib.gzipSync(TEXT)]), TEXT + LONG + TEXT],
    ['zstd', ZSTD.one, ZSTD.text],
    ['zstd frames one after the other', Buffer.concat([ZSTD.one, ZSTD.one]), ZSTD.text + ZSTD.text],
    ['zstd of very much', Buffer.concat([ZSTD.many, ZSTD.many]), ZSTD.text.repeat(80_000)],
    ['UTF-16LE with a byte order mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), TEXT],
    ['UTF-16BE with a byte order mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16(), TEXT],
    ['UTF-16LE without a byte order mark', Buffer.from(TEXT, 'utf16le'), TEXT],
    ['gzip of UTF-16', zlib.gzipSync(Buffer.from(`\ufeff${LONG}`, 'utf16le')), LONG],
    ['gzip in gzip', zlib.gzipSync(zlib.gzipSync(LONG)), LONG],
    ['gzip of zstd', zlib.gzipSync(ZSTD.one), ZSTD.text],
    ['long UTF-16LE', Buffer.from(`\ufeff${LONG}`, 'utf16le'), LONG],
  ])('%s', async (name, content, text) => {
    const { text: got, error, bytesRead, size } = await read(folder.file(name, content))
    expect(error).toBeNull()
    expect(got === text).toBe(true)
    expect(size).toBe(Buffer.from(content).length)
    expect(bytesRead).toBe(size)
  })

  test('a gzip that breaks off gives what came before', async () => {
    const { text, error } = await read(folder.file('cut.gz', zlib.gzipSync(LONG).subarray(0, -1000)))
    expect(text.length).toBeGreaterThan(LONG.length / 2)
    expect(LONG.startsWith(text)).toBe(true)
    expect(error?.message).toBe('unexpected end of file')
  })

  test('a zstd that breaks off is an error', async () => {
    const { error } = await read(folder.file('cut.zst', ZSTD.one.subarray(0, -7)))
    expect(error?.message).toBe('unexpected EOF')
  })

  test('bzip2 and xz are refused by name', async () => {
    for (const magic of [[0x42, 0x5a, 0x68, 0x39], [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]]) {
      const { error } = await read(folder.file('other', Uint8Array.from(magic)))
      expect(error).toBeInstanceOf(Problem)
      expect(error?.message).toContain('decompress it first')
    }
  })

  test('what is not there, or a folder, is told at once', async () => {
    await expect(openInput(folder.path('missing.json'))).rejects.toThrow(new Problem(`cannot read ${folder.path('missing.json')}: there is no such file`))
    await expect(openInput(folder.path('.'))).rejects.toThrow('it is a directory')
  })

  test('what messages call it', () => {
    expect([inputTitle('-'), inputTitle('a.json')]).toEqual(['stdin', 'a.json'])
  })
})
