import * as E from 'fp-ts/lib/Either.js'
import { X509Certificate } from 'node:crypto'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import { createSecureContext } from 'node:tls'
import { createAgentPair, type AgentPair, type Agents } from './agent-pair.ts'
import type { HttpFailure } from './failure.ts'
import { reuseReadBuffer } from './read-buffer.ts'
import { selectProxy, type ProxyOptions } from './proxy.ts'
import { toTlsSettings, type TlsOptions, type TlsSettings } from './tls-settings.ts'

export interface AgentPool {
  /** The agents for a target, through its proxy if it has one. */
  readonly get: (target: URL) => Promise<E.Either<HttpFailure, Agents>>
  /** Closes every connection. */
  readonly close: () => void
}

const isProxyUrl = (text: string): boolean => {
  try {
    const { protocol, username, password } = new URL(text)
    decodeURIComponent(username + password)
    return protocol === 'http:' || protocol === 'https:'
  } catch {
    return false
  }
}

/** Checks the contents now: Node reads them only with the first connection, and ignores invalid authorities. */
const checkTls = (settings: TlsSettings): E.Either<HttpFailure, void> => {
  try {
    if (settings.ca !== undefined || settings.cert !== undefined || settings.key !== undefined)
      createSecureContext(settings)
    if (settings.ca !== undefined) void new X509Certificate(settings.ca)
    return E.right(undefined)
  } catch {
    return E.left({
      _tag: 'InvalidRequest',
      what: 'cannot read the certificate authorities, client certificate or key of this cloud',
    })
  }
}

/** Creates the agents of a transport. Idle connections do not keep the process alive. */
export const createAgents = (tls: TlsOptions, proxy: ProxyOptions, lookup?: LookupFunction): AgentPool => {
  const settings = toTlsSettings(tls)
  const readable = checkTls(settings)
  const { cert: _cert, key: _key, ...trust } = settings
  const createPair = (keepAlive: boolean): AgentPair => {
    const connecting = { keepAlive, ...(lookup === undefined ? {} : { lookup }) }
    return createAgentPair({
      http: () => reuseReadBuffer(new HttpAgent(connecting)),
      https: () => reuseReadBuffer(new HttpsAgent({ ...connecting, ...settings })),
    })
  }
  const direct: Agents = { kept: createPair(true), fresh: createPair(false), proxy: null }
  const byProxy = new Map<string, Agents>()
  /** Loaded on demand, because most processes need no proxy. */
  const getProxyAgents = async (address: string): Promise<Agents> => {
    const { createProxyAgents } = await import('./proxy-agents.ts')
    const agents = byProxy.get(address) ?? createProxyAgents(address, trust, settings)
    byProxy.set(address, agents)
    return agents
  }
  return {
    get: async (target) => {
      if (E.isLeft(readable)) return readable
      const address = selectProxy(target, proxy)
      if (address === null) return E.right(direct)
      return isProxyUrl(address)
        ? E.right(await getProxyAgents(address))
        : E.left({ _tag: 'InvalidRequest', what: 'the address of the proxy is not an http or https URL' })
    },
    close: () => {
      for (const { kept, fresh } of [direct, ...byProxy.values()]) {
        kept.destroy()
        fresh.destroy()
      }
    },
  }
}
