import { expect, test } from '@jest/globals'
import type { FileReading, TlsSettings } from '@imago/config'
import * as E from 'fp-ts/lib/Either.js'
import { readTls } from '../../src/connect/tls-files.ts'
import { targetsOf, type Target } from '../../src/connect/target.ts'
import { hetznerCloud, openstackCloud } from '../live.ts'

const readFile = (path: string): FileReading => {
  if (path === '/missing') return { _tag: 'missing' }
  return path === '/secret' ? { _tag: 'unreadable', reason: 'permission denied' } : { _tag: 'text', text: `content of ${path}`, isOpenToOthers: false }
}

const targetWith = (tls: Partial<TlsSettings>): Target => {
  const cloud = openstackCloud('lab')
  const regions = cloud.regions.map((region) => ({ ...region, tls: { ...region.tls, ...tls } }))
  return targetsOf({ ...cloud, regions })[0] as Target
}

test('the contents of the files that a cloud names', () => {
  expect(readTls(targetsOf(hetznerCloud('prod'))[0] as Target, { readFile })).toEqual(E.right({ verify: true }))
  expect(readTls(targetWith({ verify: false }), { readFile })).toEqual(E.right({ verify: false }))
  expect(readTls(targetWith({ caFile: '/ca', certFile: '/cert', keyFile: '/key' }), { readFile })).toEqual(E.right({ verify: true, ca: 'content of /ca', cert: 'content of /cert', key: 'content of /key' }))
})

test('a certificate without a key file holds its key itself', () => {
  expect(readTls(targetWith({ certFile: '/both' }), { readFile })).toEqual(E.right({ verify: true, cert: 'content of /both', key: 'content of /both' }))
})

test.each([
  ['/missing', 'cannot read /missing, its cacert: there is no such file'],
  ['/secret', 'cannot read /secret, its cacert: permission denied'],
])('%s cannot be read', (caFile, what) => {
  expect(readTls(targetWith({ caFile }), { readFile })).toMatchObject(E.left({ _tag: 'ConfigInvalid', provider: 'openstack', cloud: 'lab', what, hint: 'Correct cacert in clouds.yaml' }))
})
