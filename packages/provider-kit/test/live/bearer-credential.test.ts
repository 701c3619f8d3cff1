import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { Secret } from '../../src/index.ts'
import { bearerCredential } from '../../src/live/index.ts'

const credential = bearerCredential('https://api.small.example/v1', new Secret('token-1'))

describe('bearerCredential', () => {
  it('sends the token as a bearer', async () =>
    expect(await credential.token()()).toEqual(
      E.right({ headers: { authorization: 'Bearer token-1' }, expiresAtMs: null }),
    ))

  it('matches the origin of the endpoint', () => expect(credential.belongsTo('https://api.small.example')).toBe(true))

  it.each(['https://api.small.example:8443', 'http://api.small.example', 'https://small.example'])(
    'does not match %s',
    (origin) => expect(credential.belongsTo(origin)).toBe(false),
  )

  it('matches no origin when the endpoint is not a URL', () =>
    expect(bearerCredential('nonsense', 'token-1').belongsTo('null')).toBe(false))

  it('shows no secret when printed as JSON', () => expect(JSON.stringify(credential)).not.toContain('token-1'))
})
