import { describe, expect, test } from '@jest/globals'
import type { FileContent, ProviderCloud, TlsSettings } from '@imago/provider-kit'
import { createMemoryEnvironment } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { readTls } from '../src/tls-files.ts'
import { hetznerCloud, openstackRegion } from './clouds.ts'

const readFile = (path: string): FileContent => {
  if (path === '/missing') return { _tag: 'missing' }
  return path === '/secret'
    ? { _tag: 'unreadable', reason: 'permission denied' }
    : { _tag: 'text', text: `content of ${path}`, isOpenToOthers: false }
}

const environment = { ...createMemoryEnvironment({}), readFile }

const targetWith = (tls: Partial<TlsSettings>): ProviderCloud => ({
  ...openstackRegion('lab'),
  tls: { verify: true, caFile: null, certFile: null, keyFile: null, ...tls },
})

describe('readTls', () => {
  test('returns the contents of the files that a cloud names', () => {
    expect(readTls(hetznerCloud('prod'), environment)).toEqual(E.right({ verify: true }))
    expect(readTls(targetWith({ verify: false }), environment)).toEqual(E.right({ verify: false }))
    expect(readTls(targetWith({ caFile: '/ca', certFile: '/cert', keyFile: '/key' }), environment)).toEqual(
      E.right({ verify: true, ca: 'content of /ca', cert: 'content of /cert', key: 'content of /key' }),
    )
  })

  test('uses the certificate file as key file if there is none', () => {
    expect(readTls(targetWith({ certFile: '/both' }), environment)).toEqual(
      E.right({ verify: true, cert: 'content of /both', key: 'content of /both' }),
    )
  })

  test.each([
    ['/missing', 'cannot read /missing (CA certificates of this cloud): no such file'],
    ['/secret', 'cannot read /secret (CA certificates of this cloud): permission denied'],
  ])('fails if it cannot read %s', (caFile, what) => {
    expect(readTls(targetWith({ caFile }), environment)).toMatchObject(
      E.left({
        _tag: 'ConfigInvalid',
        provider: 'openstack',
        cloud: 'lab',
        what,
        hint: 'Correct the path in ~/.config/openstack/clouds.yaml',
      }),
    )
  })
})
