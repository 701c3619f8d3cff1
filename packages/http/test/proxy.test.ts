import { describe, expect, it } from '@jest/globals'
import { selectProxy } from '../src/proxy.ts'

const options = (except: string) => ({ http: 'http://plain.proxy:1', https: 'http://secure.proxy:2', except })

describe('selectProxy', () => {
  it('selects the proxy by the scheme of the target', () => {
    expect(selectProxy(new URL('http://cloud.example'), options(''))).toBe('http://plain.proxy:1')
    expect(selectProxy(new URL('https://cloud.example'), options(''))).toBe('http://secure.proxy:2')
    expect(selectProxy(new URL('https://cloud.example'), { http: 'http://p', https: null, except: '' })).toBeNull()
    expect(selectProxy(new URL('https://cloud.example'), { http: 'http://p', https: '', except: '' })).toBeNull()
  })

  it.each([
    ['*', 'https://cloud.example', true],
    ['cloud.example', 'https://cloud.example', true],
    ['CLOUD.example', 'https://cloud.EXAMPLE', true],
    ['cloud.example', 'https://api.cloud.example', true],
    ['.cloud.example', 'https://api.cloud.example', true],
    ['*.cloud.example', 'https://api.cloud.example', true],
    ['cloud.example', 'https://mycloud.example', false],
    ['a, cloud.example b', 'https://cloud.example', true],
    ['cloud.example:443', 'https://cloud.example', true],
    ['cloud.example:80', 'http://cloud.example', true],
    ['cloud.example:8443', 'https://cloud.example', false],
    ['cloud.example:9292', 'http://cloud.example:9292', true],
    ['10.0.0.0/8', 'http://10.1.2.3:9292', true],
    ['10.0.0.0/8', 'http://11.1.2.3', false],
    ['10.0.0.0/99', 'http://10.1.2.3', false],
    ['10.0.0.0/8', 'http://cloud.example', false],
    ['127.0.0.1', 'http://127.0.0.1:5000', true],
    ['0.0.1', 'http://127.0.0.1:5000', false],
    ['::1', 'http://[::1]:5000', true],
    ['[::1]', 'http://[::1]:5000', true],
    ['[::1]:5000', 'http://[::1]:5000', true],
    ['fd00::/8', 'http://[fd12::1]', true],
    [', .,', 'http://cloud.example', false],
    ['(a+)+$', 'http://cloud.example', false],
  ])('with the exceptions %j, connects to %s directly: %s', (except, target, isDirect) => {
    expect(selectProxy(new URL(target), options(except)) === null).toBe(isDirect)
  })
})
