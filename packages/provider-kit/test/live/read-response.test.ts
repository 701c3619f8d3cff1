import { describe, expect, it } from '@jest/globals'
import { createErrorSite } from '@imago/core/provider'
import { toHeaders, type TextResponse } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { CARRIED_OUT_HINT, isSuccess, OUTCOME_UNKNOWN_HINT, readResponse } from '../../src/live/index.ts'

const response = (text: string, status = 200, type = 'application/json', isRepeat = false): TextResponse => ({
  kind: 'text',
  status,
  headers: toHeaders([['content-type', type]]),
  text,
  url: 'https://api.small.example/v1/images',
  ...(isRepeat ? { isRepeat } : {}),
})

const read = (reply: TextResponse, onlyOnce = false) =>
  readResponse((body) => (body === 1 ? E.right('one') : E.left([{ pointer: '', expected: '1', got: 'another' }])), {
    site: createErrorSite({ provider: 'small', cloud: null }, 'get'),
    server: 'the small API',
    onlyOnce,
  })(reply)

describe('readResponse', () => {
  it('reads JSON', () => expect(read(response('1'))).toEqual(E.right('one')))

  it('returns DecodeFailed for JSON of another shape', () =>
    expect(read(response('2'))).toMatchObject(
      E.left({ _tag: 'DecodeFailed', what: 'the response is not what the small API documents' }),
    ))

  it('fails for invalid JSON, and for a web page', () => {
    expect(E.isLeft(read(response('{')))).toBe(true)
    expect(read(response('<!doctype html><title>Log in</title>', 200, 'text/html'))).toMatchObject(
      E.left({ what: expect.stringContaining('the small API') }),
    )
  })

  it('hints whether a request that is not idempotent was carried out', () => {
    expect(read(response('2'), true)).toMatchObject(E.left({ hint: CARRIED_OUT_HINT }))
    expect(read(response('<!doctype html>', 200, 'text/html'), true)).toMatchObject(
      E.left({ hint: OUTCOME_UNKNOWN_HINT }),
    )
    expect(read(response('1'), true)).toEqual(E.right('one'))
  })
})

describe('readResponse', () => {
  it('isSuccess accepts a success, and the 404 of a repeated DELETE', () => {
    expect(isSuccess({ method: 'GET' }, response('', 204))).toBe(true)
    expect(isSuccess({ method: 'GET' }, response('', 300))).toBe(false)
    expect(isSuccess({ method: 'DELETE' }, response('', 404))).toBe(false)
    expect(isSuccess({ method: 'DELETE' }, response('', 404, 'text/plain', true))).toBe(true)
    expect(isSuccess({ method: 'GET' }, response('', 404, 'text/plain', true))).toBe(false)
  })
})
