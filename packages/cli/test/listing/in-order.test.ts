import { describe, expect, test } from '@jest/globals'
import { inOrder } from '../../src/listing/in-order.ts'

async function* giving(...values: readonly (string | Error | Promise<string>)[]): AsyncGenerator<string, void, undefined> {
  for (const value of values) {
    if (value instanceof Error) throw value
    yield await value
  }
}

/** Time enough for many a page. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const collect = async (...streams: readonly AsyncGenerator<string, void, undefined>[]): Promise<readonly string[]> => {
  const all: string[] = []
  for await (const { index, value } of inOrder(streams)) all.push(`${index}${value}`)
  return all
}

describe('streams in order', () => {
  test('however late the first one is', async () => {
    let answer: (text: string) => void = () => undefined
    const late = new Promise<string>((resolve) => (answer = resolve))
    async function* last(): AsyncGenerator<string, void, undefined> {
      yield 'c'
      answer('b')
    }
    expect(await collect(giving('a', late), last(), giving())).toEqual(['0a', '0b', '1c'])
  })

  test('none, and empty ones', async () => {
    expect(await collect()).toEqual([])
    expect(await collect(giving(), giving('a'))).toEqual(['1a'])
  })

  test('one that throws ends it, after what it gave', async () => {
    const seen: string[] = []
    const reading = async (): Promise<void> => {
      for await (const { value } of inOrder([giving('a', new Error('broken')), giving('b')])) seen.push(value)
    }
    await expect(reading()).rejects.toThrow('broken')
    expect(seen).toEqual(['a'])
  })

  test('left early, it asks the others for nothing more', async () => {
    let asked = 0
    async function* endless(): AsyncGenerator<string, void, undefined> {
      for (;;) {
        asked++
        await new Promise((resolve) => setImmediate(resolve))
        yield 'x'
      }
    }
    for await (const { value } of inOrder([giving('a', 'b'), endless()])) if (value === 'a') break
    await turns()
    const soon = asked
    await turns()
    expect(asked).toBe(soon)
  })
})
