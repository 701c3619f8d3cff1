import { describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { toDatabaseError } from '../../src/database/database-error.ts'

const TITLE = 'postgres://db.example.com/imago'

const createServerError = (code: string): pg.DatabaseError =>
  Object.assign(new pg.DatabaseError('server message', 14, 'error'), { code })

const createSocketError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code })

describe('toDatabaseError', () => {
  it.each([
    ['08006', 'Unavailable'],
    ['40001', 'Unavailable'],
    ['53300', 'Unavailable'],
    ['53100', 'QuotaExceeded'],
    ['25P03', 'Unavailable'],
    ['55P03', 'Unavailable'],
    ['57P01', 'Unavailable'],
    ['28P01', 'Unauthorized'],
    ['42501', 'Forbidden'],
    ['42P01', 'Rejected'],
  ])('converts the state %s to %s', (code, tag) => {
    expect(toDatabaseError(TITLE, createServerError(code))).toMatchObject({
      _tag: tag,
      what: expect.stringContaining(`the database ${TITLE} failed: server message`),
    })
  })

  // EPIPE has five characters like a state.
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EPIPE'])('converts the error %s of a socket to Unavailable', (code) => {
    expect(toDatabaseError(TITLE, createSocketError(code))).toMatchObject({ _tag: 'Unavailable' })
  })

  it('names the first address if no address of a host answers', () => {
    const all = Object.assign(new AggregateError([createSocketError('ECONNREFUSED')]), { code: 'ECONNREFUSED' })
    expect(toDatabaseError(TITLE, all)).toMatchObject({
      _tag: 'Unavailable',
      what: `the database ${TITLE} failed: connect ECONNREFUSED`,
    })
  })

  it('converts a lost connection to Unavailable', () => {
    expect(toDatabaseError(TITLE, new Error('Connection terminated unexpectedly'))).toMatchObject({
      _tag: 'Unavailable',
    })
  })

  it('converts a missing password to Unauthorized', () => {
    const error = new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string')
    expect(toDatabaseError(TITLE, error)).toMatchObject({ _tag: 'Unauthorized' })
  })

  it('returns null for a bug', () => {
    expect(toDatabaseError(TITLE, new TypeError('x is not a function'))).toBeNull()
  })
})
