import { describe, expect, test } from '@jest/globals'
import { findProxies } from '../src/proxies.ts'

describe('findProxies', () => {
  test('findProxies reads either case, lower case first', () => {
    expect(findProxies({})).toEqual({ http: null, https: null, except: '' })
    expect(findProxies({ HTTP_PROXY: 'http://a:1', HTTPS_PROXY: 'http://b:2', NO_PROXY: 'c' })).toEqual({
      http: 'http://a:1',
      https: 'http://b:2',
      except: 'c',
    })
    expect(
      findProxies({
        http_proxy: 'http://a:1',
        https_proxy: '',
        HTTPS_PROXY: 'http://b:2',
        NO_PROXY: 'c',
        no_proxy: 'd',
      }),
    ).toEqual({ http: 'http://a:1', https: 'http://b:2', except: 'd' })
    expect(findProxies({ HTTPS_PROXY: 'proxy.example:3128' }).https).toBe('http://proxy.example:3128')
  })
})
