import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { CompressionKind } from '../../src/decompress/kind.ts'

interface Parts {
  /** Compressed `FIRST`. */
  readonly one: Buffer
  /** Compressed `SECOND`, a few bytes. */
  readonly two: Buffer
  /** Compressed empty input. */
  readonly empty: Buffer
  /** 20,000,000 compressed zeros. */
  readonly zeros: Buffer
}

/** Created by xz, zstd and bzip2: see test/fixtures/make-compressed.mjs. */
const fixtures = JSON.parse(readFileSync(join(__dirname, '../fixtures/compressed.json'), 'utf8'), (_, value: unknown) =>
  typeof value === 'string' ? Buffer.from(value, 'base64') : value,
) as {
  readonly first: Buffer
  readonly second: Buffer
} & Readonly<Record<Exclude<CompressionKind, 'gzip'>, Parts>>

export const FIRST = fixtures.first
export const SECOND = fixtures.second

const gzip: Parts = {
  one: gzipSync(FIRST),
  two: gzipSync(SECOND),
  empty: gzipSync(''),
  zeros: gzipSync(Buffer.alloc(20_000_000)),
}

export const parts: Readonly<Record<CompressionKind, Parts>> = {
  gzip,
  xz: fixtures.xz,
  zstd: fixtures.zstd,
  bzip2: fixtures.bzip2,
}

export const zeros: Readonly<Record<CompressionKind, Buffer>> = {
  gzip: gzip.zeros,
  xz: fixtures.xz.zeros,
  zstd: fixtures.zstd.zeros,
  bzip2: fixtures.bzip2.zeros,
}

const bits = (value: number, count: number): string => value.toString(2).padStart(count, '0')

/** A bzip2 block with 32 run symbols and an end symbol: the length of the run exceeds 32 bits. */
const BLOCK = [
  ...[0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0, 0, 0, 0].map((byte) => bits(byte, 8)),
  '0', // not randomised
  bits(0, 24), // origin
  bits(0x8000, 16) + bits(0x8000, 16), // one byte is used: 0
  bits(2, 3) + bits(1, 15) + '0', // two codes, one selector: the first code
  ...Array.from({ length: 2 }, () => `${bits(1, 5)}01000`), // lengths 1, 2, 2
  '0'.repeat(32) + '11',
].join('')

export const RUN_BOMB = Buffer.concat([
  Buffer.from('BZh9'),
  Buffer.from(
    (BLOCK.padEnd(Math.ceil(BLOCK.length / 8) * 8, '0').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)),
  ),
])
