import { describe, expect, it } from '@jest/globals'
import { KeptBytes } from '../src/kept-bytes.ts'

describe('KeptBytes', () => {
  it('copies the bytes it is given, in order', () => {
    const kept = new KeptBytes(100_000)
    const chunk = Buffer.from('abcdef')
    let expected = ''
    for (let round = 0; round < 3000; round++) {
      kept.keep(chunk, round % 3, 6, true)
      expected += 'abcdef'.slice(round % 3)
    }
    chunk.fill(0)
    expect(kept.bytes.toString('latin1', 0, kept.length)).toBe(expected)
  })

  it('only counts beyond its limit, and holds no memory', () => {
    const kept = new KeptBytes(10)
    for (let round = 0; round < 1000; round++) kept.keep(Buffer.alloc(8), 0, 8, true)
    expect(kept.length).toBe(8000)
    expect(kept.isOverLimit).toBe(true)
    expect(kept.bytes.length).toBe(0)
    kept.reset()
    kept.keep(Buffer.from('xy'), 0, 2, true)
    expect(kept.isOverLimit).toBe(false)
    expect(kept.bytes.toString('latin1', 0, kept.length)).toBe('xy')
  })

  it('releases the memory of a huge record, and reuses that of a small one', () => {
    const kept = new KeptBytes(1 << 24)
    kept.keep(Buffer.alloc(1 << 21), 0, 1 << 21, true)
    kept.reset()
    expect(kept.bytes.length).toBe(0)
    kept.keep(Buffer.alloc(100), 0, 100, false)
    expect(kept.isAscii).toBe(false)
    kept.reset()
    expect(kept.isAscii).toBe(true)
    expect(kept.bytes.length).toBeGreaterThan(0)
  })
})
