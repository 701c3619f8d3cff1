import { describe, expect, it } from '@jest/globals'
import { loadFleet, parseDatabase } from '../../src/fleet/open-fleet.ts'
import { secrets } from '../../src/output/mask.ts'

describe('loadFleet', () => {
  it('refuses a Node that is too old, and names the one that it needs', async () => {
    await expect(loadFleet('20.20.2')).rejects.toThrow(
      'imago fleet requires Node 22.12.0 or later; this is Node 20.20.2',
    )
    await expect(loadFleet('22.11.0')).rejects.toThrow('requires Node 22.12.0')
  })
})

describe('parseDatabase', () => {
  it('prefers --database to the environment', () => {
    const env = { IMAGO_FLEET_DATABASE: 'postgres://a@host/other' }
    expect(parseDatabase('postgres://a@host/one', env)).toBe('postgres://a@host/one')
    expect(parseDatabase(undefined, env)).toBe('postgres://a@host/other')
  })

  it('refuses a missing or invalid URL', () => {
    expect(() => parseDatabase(undefined, {})).toThrow('the database of the fleet is not set')
    expect(() => parseDatabase('mysql://host/db', {})).toThrow('--database: not a URL of a PostgreSQL database')
  })

  it('masks the password in all output', () => {
    parseDatabase('postgres://a:pass%2Fword-9@host/db', {})
    expect(secrets.maskOwn('password pass/word-9 or pass%2Fword-9')).not.toMatch(/word-9/)
  })
})
