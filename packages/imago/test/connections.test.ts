import { describe, expect, test } from '@jest/globals'
import type { FileContent, ProviderCloud, TlsSettings } from '@imago/provider-kit'
import { createMemoryEnvironment } from '@imago/testkit'
import { createMasker } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { createConnections } from '../src/connections.ts'
import { hetznerCloud, openstackRegion } from './clouds.ts'

const environment = {
  ...createMemoryEnvironment({}),
  readFile: (path: string): FileContent =>
    path === '/missing' ? { _tag: 'missing' } : { _tag: 'text', text: 'PEM', isOpenToOthers: false },
}

const targetWith = (tls: Partial<TlsSettings>, timeoutMs: number | null = null): ProviderCloud => ({
  ...openstackRegion('lab'),
  timeoutMs,
  tls: { verify: true, caFile: null, certFile: null, keyFile: null, ...tls },
})

describe('createConnections', () => {
  test('clouds with the same TLS settings share a transport', () => {
    const connections = createConnections({
      environment,
      userAgent: 'imago/1.2.3',
      log: null,
      masker: createMasker(),
      intercept: null,
    })
    const transports = [
      hetznerCloud('a'),
      targetWith({}),
      targetWith({ verify: false }),
      targetWith({ caFile: '/ca' }),
    ].map((target) => {
      const connection = connections.of(target)
      return E.isRight(connection) ? connection.right.transport : null
    })
    connections.close()
    expect(transports[0]).toBe(transports[1])
    expect(new Set(transports).size).toBe(3)
    expect(connections.of(targetWith({ caFile: '/missing' }))).toMatchObject(E.left({ _tag: 'ConfigInvalid' }))
  })

  test('sends the user agent, and uses the timeout of the cloud', () => {
    const connections = createConnections({
      environment,
      userAgent: 'imago/1.2.3',
      log: null,
      masker: createMasker(),
      intercept: null,
    })
    expect(connections.of(targetWith({}, 5000))).toMatchObject(E.right({ userAgent: 'imago/1.2.3', timeoutMs: 5000 }))
    connections.close()
  })
})
