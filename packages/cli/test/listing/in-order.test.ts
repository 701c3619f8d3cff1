import { describe, expect, it } from '@jest/globals'
import { inOrder } from '../../src/listing/in-order.ts'

async function* giving(
  ...values: readonly (string | Error | Promise<string>)[]
): AsyncGenerator<string, void, undefined> {
  for (const value of values) {
    if (value instanceof Error) throw value
    yield await value
  }
}

const UNBOUNDED = { measure: () => 1, maxHeld: Infinity }

/** Waits long enough for many pages. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const collect = async (...streams: readonly AsyncGenerator<string, void, undefined>[]): Promise<readonly string[]> => {
  const all: string[] = []
  for await (const { index, value } of inOrder(streams, UNBOUNDED)) all.push(`${index}${value}`)
  return all
}

describe('inOrder', () => {
  it('returns the values of the first stream first, even if they are late', async () => {
    let answer: (text: string) => void = () => undefined
    const late = new Promise<string>((resolve) => (answer = resolve))
    async function* last(): AsyncGenerator<string, void, undefined> {
      yield 'c'
      answer('b')
    }
    expect(await collect(giving('a', late), last(), giving())).toEqual(['0a', '0b', '1c'])
  })

  it('accepts no streams, and empty ones', async () => {
    expect(await collect()).toEqual([])
    expect(await collect(giving(), giving('a'))).toEqual(['1a'])
  })

  it('throws the error of a stream after its values', async () => {
    const seen: string[] = []
    const reading = async (): Promise<void> => {
      for await (const { value } of inOrder([giving('a', new Error('broken')), giving('b')], UNBOUNDED))
        seen.push(value)
    }
    await expect(reading()).rejects.toThrow('broken')
    expect(seen).toEqual(['a'])
  })

  it('stops reading all streams when the consumer stops', async () => {
    let asked = 0
    async function* endless(): AsyncGenerator<string, void, undefined> {
      for (;;) {
        asked++
        await new Promise((resolve) => setImmediate(resolve))
        yield 'x'
      }
    }
    for await (const { value } of inOrder([giving('a', 'b'), endless()], UNBOUNDED)) if (value === 'a') break
    await turns()
    const soon = asked
    await turns()
    expect(asked).toBe(soon)
  })

  describe('values that are not consumed yet', () => {
    /** Creates a stream that counts its values. */
    const counted = (count: number) => {
      const given = { count: 0 }
      async function* stream(): AsyncGenerator<string, void, undefined> {
        for (; given.count < count;) {
          given.count++
          yield 'x'
        }
      }
      return { given, stream: stream() }
    }

    it('are buffered up to a size, and do not block the stream whose turn it is', async () => {
      const [one, other, third] = [counted(100), counted(100), counted(3)] as const
      const all = inOrder([one.stream, other.stream, third.stream], { measure: () => 2, maxHeld: 20 })
      await turns()
      const held = one.given.count + other.given.count + third.given.count
      // Ten values fill the buffer, and each stream may hold one more.
      expect(held).toBeGreaterThanOrEqual(10)
      expect(held).toBeLessThanOrEqual(13)
      let taken = 0
      const order: number[] = []
      for await (const { index } of all) {
        taken++
        order.push(index)
        await turns()
        expect(one.given.count + other.given.count + third.given.count - taken).toBeLessThanOrEqual(13)
      }
      expect(taken).toBe(203)
      expect(order).toEqual([...order].sort((a, b) => a - b))
    })

    it('do not delay the end when the consumer stops', async () => {
      let isEnded = false
      async function* endless(): AsyncGenerator<string, void, undefined> {
        try {
          for (;;) yield 'x'
        } finally {
          isEnded = true
        }
      }
      for await (const _ of inOrder([giving('a'), endless()], { measure: () => 1, maxHeld: 2 })) break
      await turns()
      expect(isEnded).toBe(true)
    })
  })
})
