import { expect, test } from '@jest/globals'
import type { Surroundings, TlsSettings } from '@imago/config'
import { createMasker } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { createConnections } from '../../src/connect/connections.ts'
import { debugLines, isDebugging } from '../../src/connect/debug.ts'
import { targetsOf, type Target } from '../../src/connect/target.ts'
import { hetznerCloud, openstackCloud } from '../live.ts'
import { memoryOutput } from '../memory-output.ts'

const surroundings: Surroundings = {
  env: {},
  cwd: '/cwd',
  home: '/home/me',
  platform: 'linux',
  readFile: (path) => (path === '/missing' ? { _tag: 'missing' } : { _tag: 'text', text: 'PEM', isOpenToOthers: false }),
}

const targetWith = (tls: Partial<TlsSettings>, timeoutMs: number | null = null): Target => {
  const cloud = openstackCloud('lab')
  return targetsOf({ ...cloud, regions: cloud.regions.map((region) => ({ ...region, timeoutMs, tls: { ...region.tls, ...tls } })) })[0] as Target
}

test('targets share a transport if their TLS settings are the same', () => {
  const connections = createConnections({ surroundings, userAgent: 'imago/1.2.3', log: null, masker: createMasker(), hold: null })
  const transports = [targetsOf(hetznerCloud('a'))[0] as Target, targetWith({}), targetWith({ verify: false }), targetWith({ caFile: '/ca' })].map((target) => {
    const connection = connections.of(target)
    return E.isRight(connection) ? connection.right.transport : null
  })
  connections.close()
  expect(transports[0]).toBe(transports[1])
  expect(new Set(transports).size).toBe(3)
  expect(connections.of(targetWith({ caFile: '/missing' }))).toMatchObject(E.left({ _tag: 'ConfigInvalid' }))
})

test('says who asks, and waits as long as the cloud is configured to', () => {
  const connections = createConnections({ surroundings, userAgent: 'imago/1.2.3', log: null, masker: createMasker(), hold: null })
  expect(connections.of(targetWith({}, 5000))).toMatchObject(E.right({ userAgent: 'imago/1.2.3', timeoutMs: 5000 }))
  connections.close()
})

test('the debug log: asked for by an option or the environment, a line at a time, visible', () => {
  expect([{}, { IMAGO_DEBUG: '' }, { IMAGO_DEBUG: '0' }, { IMAGO_DEBUG: '1' }].map((env) => isDebugging({}, env))).toEqual([false, false, false, true])
  expect(isDebugging({ debug: true }, {})).toBe(true)
  const talk = memoryOutput()
  debugLines(talk)('GET https://a/\u001b[31m 200')
  expect(talk.text()).toBe('debug: GET https://a/\\x1b[31m 200\n')
})
