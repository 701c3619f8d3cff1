import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { maskSecrets } from '../../src/output/mask.ts'

describe('maskSecrets', () => {
  it.each([
    ['https://user:hunter2@host/path', 'https://***@host/path'],
    ['https://user@host/path', 'https://***@host/path'],
    ['swift+https://account%3Auser:key@auth/v1/c/o', 'swift+https://***@auth/v1/c/o'],
    ['https://user:p@ss@host/x', 'https://***@host/x'],
    ['http:\\/\\/user:hunter2@host\\/x', 'http:\\/\\/***@host\\/x'],
    ['two https://a:b@c/ and https://d:e@f/', 'two https://***@c/ and https://***@f/'],
    ['https://h/x?X-Amz-Signature=abc&y=1', 'https://h/x?X-Amz-Signature=***&y=1'],
    ['https://h/x?y=1&sig=a%2Fb%3D', 'https://h/x?y=1&sig=***'],
    ['https://h/x?temp_url_sig=abc&temp_url_expires=5', 'https://h/x?temp_url_sig=***&temp_url_expires=5'],
    ['https://h/x?X-Goog-Signature=abc', 'https://h/x?X-Goog-Signature=***'],
    ['https://h/x?access_token=abc#top', 'https://h/x?access_token=***#top'],
    ['https://h/x?a=1\\u0026sig=abc\\u0026b=2', 'https://h/x?a=1\\u0026sig=***\\u0026b=2'],
    ['https://h/x?sig=ab\\/cd', 'https://h/x?sig=***'],
  ])('masks %s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked)
  })

  it('masks the keys of an S3 store, which contain slashes', () => {
    expect(maskSecrets('s3://AKIA1:ab/cd+ef/gh@s3.example/bucket/object')).toBe('s3://***@s3.example/bucket/object')
    expect(maskSecrets('s3+https://AKIA1:ab\\/cd@s3.example/bucket/object')).toBe(
      's3+https://***@s3.example/bucket/object',
    )
  })

  it.each([
    'https://host/path?page=2&sort_key=name',
    'mail me@example.org',
    'https://host:8080/x and me@example.org',
    's3://bucket/object',
    'file:///srv/images/x',
    'https://host/users/me@example.org',
    '{"a":"https://host","b":"me@example.org"}',
  ])('keeps %s', (text) => {
    expect(maskSecrets(text)).toBe(text)
  })

  it('keeps JSON valid, with the same keys', () => {
    const secret = fc.constantFrom('https://user:hunter2@host/?sig=abc&x=1', 's3://AKIA:ab/cd@host/b')
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.tuple(fc.string(), secret, fc.string())), (record) => {
        const values = Object.fromEntries(Object.entries(record).map(([key, parts]) => [key, parts.join(' ')]))
        const masked = JSON.parse(maskSecrets(JSON.stringify(values))) as Record<string, string>
        expect(Object.keys(masked)).toHaveLength(Object.keys(values).length)
        expect(JSON.stringify(masked)).not.toMatch(/hunter2|sig=abc|ab\/cd/)
      }),
    )
  })
})
