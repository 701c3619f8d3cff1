import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readError } from '../src/index.ts'

const json = (error: unknown): string => JSON.stringify({ error })

describe('readError, for a response of the API', () => {
  it.each([
    [
      'a code and a message',
      404,
      json({ code: 'not_found', message: 'image with ID 1 not found', details: null }),
      { title: null, message: 'image with ID 1 not found', code: 'not_found' },
    ],
    [
      'invalid fields',
      422,
      json({
        code: 'invalid_input',
        message: 'invalid input',
        details: { fields: [{ name: 'labels', messages: ['unknown field', 'too long'] }, { name: 'type' }] },
      }),
      { title: null, message: 'invalid input (labels: unknown field, too long; type)', code: 'invalid_input' },
    ],
    [
      'an exceeded limit',
      403,
      json({
        code: 'resource_limit_exceeded',
        message: 'limit exceeded',
        details: { limits: [{ name: 'snapshot_limit' }] },
      }),
      { title: null, message: 'limit exceeded (snapshot_limit)', code: 'resource_limit_exceeded' },
    ],
    [
      'an announcement of a removal',
      410,
      json({
        code: 'deprecated_api_endpoint',
        message: 'gone',
        details: { announcement: 'https://docs.hetzner.cloud/changelog#x' },
      }),
      { title: null, message: 'gone (https://docs.hetzner.cloud/changelog#x)', code: 'deprecated_api_endpoint' },
    ],
    ['a code alone', 423, json({ code: 'locked' }), { title: null, message: 'locked', code: 'locked' }],
    [
      'a code and invalid keys',
      423,
      json({ code: 'locked', message: 5, details: ['x'] }),
      { title: null, message: 'locked', code: 'locked' },
    ],
    [
      'a new code',
      418,
      json({ code: 'teapot', message: 'no\ncoffee' }),
      { title: null, message: 'no coffee', code: 'teapot' },
    ],
  ])('returns %s', (_, status, body, error) => {
    expect(readError(status, 'application/json', body)).toEqual(error)
  })
})

describe('readError, for a response of a gateway', () => {
  it.each([
    [
      'a page',
      502,
      'text/html',
      '<html>\r\n<head><title>502 Bad\n Gateway</title></head>\r\n<body>…</body></html>',
      { title: '502 Bad Gateway', message: '502 Bad Gateway', code: null },
    ],
    [
      'a page without a title',
      502,
      null,
      ' <h1>502</h1>',
      { title: null, message: 'the server returned 502 without a message', code: null },
    ],
    [
      'plain text',
      503,
      'text/plain',
      'no healthy upstream\n',
      { title: null, message: 'no healthy upstream', code: null },
    ],
    ['an empty body', 504, null, '', { title: null, message: 'the server returned 504 without a message', code: null }],
    [
      'other JSON',
      500,
      'application/json',
      '{"token":"hunter2"}',
      { title: null, message: 'the server returned 500 without a message', code: null },
    ],
    [
      'truncated JSON',
      500,
      'application/json',
      '{"error":{"code":"not_f',
      { title: null, message: 'the server returned 500 without a message', code: null },
    ],
    ['escape sequences', 500, 'text/plain', '\u001b[2Jred\u009b0m', { title: null, message: '[2Jred 0m', code: null }],
  ])('reads %s', (_, status, contentType, body, error) => {
    expect(readError(status, contentType, body)).toEqual(error)
  })
})

describe('readError', () => {
  it('readError limits the length of a message', () => {
    const { message } = readError(422, 'application/json', json({ code: 'invalid_input', message: '😀'.repeat(5000) }))
    expect(message).toHaveLength(2000)
    expect(message.endsWith('…')).toBe(true)
    expect(message).not.toMatch(/\p{Surrogate}/u)
  })

  it('readError never throws, and returns one bounded line for any body', () => {
    const odd = fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.constantFrom('\ud800', '\u001b[31m', '\n'))
    const error = fc.record(
      {
        code: odd,
        message: odd,
        details: fc.oneof(odd, fc.record({ fields: fc.array(fc.record({ name: odd, messages: fc.array(odd) })) })),
      },
      { requiredKeys: [] },
    )
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      error.map(json),
      fc.string().map((text) => `<title>${text}`),
    )
    fc.assert(
      fc.property(fc.constantFrom(null, 'application/json', 'text/html', 'text/plain'), body, (contentType, text) => {
        const read = readError(500, contentType, text)
        for (const line of [read.title, read.message, read.code]) {
          if (line === null) continue
          expect(line.length).toBeGreaterThan(0)
          expect(line.length).toBeLessThanOrEqual(2000)
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}|^\s|\s$|\s{2}/u)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
