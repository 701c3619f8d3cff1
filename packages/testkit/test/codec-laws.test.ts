import { describe, expect, test } from '@jest/globals'
import * as t from 'io-ts'
import { codecLaws } from '../src/codec-laws.ts'

/** Claims to decode numbers to strings, but returns numbers. */
const Broken = new t.Type<string, string, unknown>(
  'Broken',
  (u): u is string => typeof u === 'number',
  (u) => t.success(String(u)),
  (text) => text,
)

const collectMessages = (codec: t.Any): ReadonlyMap<string, string> => {
  const messages = new Map<string, string>()
  const attempt = (name: string, body: () => void): void => {
    try {
      body()
    } catch (thrown) {
      messages.set(name, (thrown as Error).message)
    }
  }
  codecLaws({ describe: (_, body) => body(), test: attempt }, codec.name, codec)
  return messages
}

describe('codecLaws', () => {
  test('names the field that breaks a law, at any depth', () => {
    const messages = collectMessages(t.type({ id: t.string, size: t.type({ 'a/b': Broken }) }, 'Whole'))
    expect(messages.get('`is` accepts every decoded value')).toContain(
      'field /size/a~1b (Broken): it does not hold for',
    )
  })

  test('names a codec that throws, with its error', () => {
    const Throwing = new t.Type<string>(
      'Throwing',
      t.string.is,
      (u, context) => (u === '' ? raise() : t.string.validate(u, context)),
      String,
    )
    const raise = (): never => {
      throw new Error('empty')
    }
    expect(collectMessages(t.type({ name: Throwing }, 'Whole')).get('it never throws')).toContain(
      'field /name (Throwing): it throws Error: empty for ""',
    )
  })

  test('reports nothing for a codec that keeps the laws', () => {
    expect([...collectMessages(t.type({ id: t.string, size: t.number }, 'Whole')).keys()]).toEqual([])
  })
})
