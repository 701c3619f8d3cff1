import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { format, inspect } from 'node:util'
import { Secret } from '../src/index.ts'

describe('Secret', () => {
  it('reveals the text that it was created with', () => {
    fc.assert(fc.property(fc.string(), (text) => new Secret(text).reveal() === text))
  })

  it.each<[string, (secret: Secret) => string]>([
    ['String', (secret) => String(secret)],
    ['JSON', (secret) => JSON.stringify({ secret, list: [secret] })],
    ['inspect', (secret) => inspect({ secret }, { showHidden: true, depth: Infinity })],
    ['inspect without custom inspection', (secret) => inspect(secret, { customInspect: false, showHidden: true })],
    ['format', (secret) => format('%s %o %O %j', secret, secret, secret, secret)],
    [
      'its keys',
      (secret) =>
        JSON.stringify([
          Object.keys(secret),
          Object.getOwnPropertyNames(secret),
          Object.entries(secret),
          { ...secret },
        ]),
    ],
    ['an error', (secret) => inspect(new Error(String(secret), { cause: secret }))],
  ])('%s does not show the secret', (_, print) => {
    expect(print(new Secret('correct horse'))).not.toContain('correct horse')
  })

  it('prints as ***', () => {
    expect(JSON.stringify(new Secret('x'))).toBe('"***"')
    expect(inspect(new Secret('x'))).toBe('***')
  })
})
