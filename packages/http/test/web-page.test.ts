import { describe, expect, it } from '@jest/globals'
import { toHeaders } from '../src/headers.ts'
import { isWrongEndpoint, readWebPage, describeWebPage } from '../src/web-page.ts'

const URL = 'https://cloud.example/v2/images?limit=1'
const findPage = (text: string, headers: readonly (readonly [string, string])[] = []) =>
  readWebPage({ headers: toHeaders(headers.map(([name, value]) => [name, value])), text, url: URL })

describe('web pages', () => {
  it.each([
    [
      '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Corporate\n Sign-On</title></head><body>x</body></html>',
      'Corporate Sign-On',
    ],
    [
      '<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center></body></html>',
      '404 Not Found',
    ],
    ['<!-- front 3 --><html><body>no title</body></html>', null],
    ['\n<HTML><HEAD><TITLE> </TITLE></HEAD></HTML>', null],
  ])('recognizes %j as a web page', (text, title) => {
    expect(findPage(text)).toEqual({ title, address: 'https://cloud.example/v2/images' })
  })

  it.each([
    ['', []],
    ['{"message":"<html>"}', []],
    ['Authentication required', []],
    [
      '<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  No image\n </body>\n</html>',
      [],
    ],
    ['<html><title>401</title></html>', [['www-authenticate', 'Keystone uri="https://cloud.example:5000"']]],
    ['<html><title>500</title></html>', [['x-openstack-request-id', 'req-1']]],
  ] as const)('returns null for %j', (text, headers) => {
    expect(findPage(text, headers)).toBeNull()
  })

  it.each([
    [200, true],
    [400, true],
    [401, true],
    [403, true],
    [404, true],
    [511, true],
    [408, false],
    [413, false],
    [429, false],
    [502, false],
  ])('with status %i, is a wrong address: %p', (status, expected) => {
    expect(isWrongEndpoint(status)).toBe(expected)
  })

  it('describes pages, including those of gateways about TLS', () => {
    const wording = (title: string | null) =>
      describeWebPage({ title, address: 'https://cloud.example/v3' }, 'Keystone')
    expect(wording('Sign in')).toEqual({
      what: 'a web page responded instead of Keystone: “Sign in” at https://cloud.example/v3',
      hint: 'Check the address of Keystone, and the gateway, proxy or sign-on page before it',
    })
    expect(wording(null).what).toBe(
      'a web page without a title responded instead of Keystone at https://cloud.example/v3',
    )
    expect(wording('400 No required SSL certificate was sent').hint).toMatch(/^Set the client certificate/)
    expect(wording('400 The SSL certificate error').hint).toMatch(/^Use a client certificate that is valid/)
    expect(wording('400 The plain HTTP request was sent to HTTPS port').hint).toBe('Use an https address')
  })
})
