import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { createCapture } from '../src/capture.ts'
import { FILE_SYSTEM_PARTS } from '../src/file-system.ts'
import { HEAD_LENGTH, TAIL_LENGTH, type PartRequest } from '../src/format.ts'
import { createFormatCapture } from '../src/inspector.ts'

const KIB = 1024
const counted = Uint8Array.from({ length: 100 * KIB }, (_, index) => (index * 7 + (index >> 8)) & 0xff)

const captureAll = (requestParts: readonly PartRequest[], length = counted.length, chunkLength = 1000) => {
  const capture = createCapture(() => requestParts)
  for (let at = 0; at < length; at += chunkLength)
    capture.write(counted.subarray(at, Math.min(at + chunkLength, length)))
  return capture.end()
}

describe('a captured part', () => {
  it.each<readonly [string, number, number]>([
    ['in the head', 100, 200],
    ['over the end of the head', HEAD_LENGTH - 100, 200],
    ['from the end of the head', HEAD_LENGTH, 200],
    ['after the head', 50_000, 20_000],
    ['at the end of the stream', counted.length - 10, 10],
    ['of length 0', 50_000, 0],
  ])('holds the bytes %s', (_, start, length) =>
    expect(captureAll([{ name: 'a', start, length }]).part('a')).toEqual(counted.subarray(start, start + length)),
  )

  it('is shorter when the stream ends inside it', () => {
    expect(captureAll([{ name: 'a', start: counted.length - 10, length: 20 }]).part('a')).toEqual(counted.subarray(-10))
    expect(captureAll([{ name: 'a', start: 10, length: 200 }], 100).part('a')).toEqual(counted.subarray(10, 100))
  })

  it('is empty when it passed before it was requested', () => {
    const capture = createCapture(({ part }) => [
      { name: 'first', start: 60_000, length: 10 },
      ...(part('first')?.length === 10 ? [{ name: 'late', start: 50_000, length: 10 }] : []),
    ])
    capture.write(counted)
    expect(capture.end().part('late')).toEqual(new Uint8Array())
    expect(capture.end().part('other')).toBeNull()
  })

  it('is empty when it needs more memory than is left', () => {
    const requestParts = [0, 1, 2].map((index) => ({ name: `${index}`, start: 40_000, length: 230_000 }))
    const capture = createCapture(() => requestParts)
    capture.write(counted)
    expect(capture.held()).toBeLessThanOrEqual(512 * KIB)
    expect(requestParts.map(({ name }) => capture.end().part(name)?.length)).toEqual([
      counted.length - 40_000,
      counted.length - 40_000,
      0,
    ])
  })
})

describe('createCapture', () => {
  it.each([0, 1, TAIL_LENGTH - 1, TAIL_LENGTH, TAIL_LENGTH + 1, counted.length])(
    'holds the tail of %i bytes',
    (length) => {
      for (const chunkLength of [1, 1000, 5000].filter((one) => one > 1 || length < 5000)) {
        const captured = captureAll([], length, chunkLength)
        expect(captured.tail).toEqual(counted.subarray(Math.max(0, length - TAIL_LENGTH), length))
        expect(captured.length).toBe(length)
      }
    },
  )

  it('keeps no reference to a chunk', () => {
    const capture = createCapture(() => [])
    const chunk = Buffer.alloc(4096, 1)
    capture.write(chunk)
    chunk.fill(2)
    expect([...capture.end().head, ...capture.end().tail].every((byte) => byte === 1)).toBe(true)
  })

  // Copying all of it would exceed the time limit.
  it('uses constant memory for a terabyte', async () => {
    const capture = createFormatCapture()
    const chunk = new Uint8Array(64 * KIB * KIB)
    for (let index = 0; index < 16 * KIB; index++) {
      if (index % KIB === 0) await setImmediate()
      capture.write(chunk)
    }
    expect(capture.end().length).toBe(2 ** 40)
    expect(capture.held()).toBe(
      HEAD_LENGTH + TAIL_LENGTH + FILE_SYSTEM_PARTS.reduce((sum, { length }) => sum + length, 0),
    )
  }, 60_000)
})
