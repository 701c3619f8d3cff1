import { describe, expect, it } from '@jest/globals'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createOutput } from '../../src/output/stream.ts'

describe('output', () => {
  it.each([
    [{ isTTY: true, columns: 80 }, 80],
    [{ isTTY: true, columns: 0 }, null],
    [{ isTTY: true }, null],
    [{ columns: 80 }, null],
    [{}, null],
  ])('on %j has the width %p', (terminal, width) =>
    expect(createOutput(Object.assign(new PassThrough(), terminal)).width).toBe(width),
  )

  it('writes text and bytes in order', async () => {
    const stream = new PassThrough()
    const output = createOutput(stream)
    output.write('a\n')
    await output.writeBytes(Uint8Array.of(0xff, 0))
    output.write('b')
    await output.end()
    stream.end()
    expect([...(await buffer(stream))]).toEqual([0x61, 0x0a, 0xff, 0, 0x62])
  })
})
