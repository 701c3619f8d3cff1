import * as E from 'fp-ts/lib/Either.js'
import { X509Certificate } from 'node:crypto'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { HttpFailure } from './failure.ts'
import { proxyFor, type ProxyOptions } from './proxy.ts'

/** How the server proves who it is, and how the client does. Contents in PEM, not paths. */
export interface TlsOptions {
  /** `false` accepts any certificate. Whatever the environment says: only this counts. */
  readonly verify: boolean
  /** The authorities to trust, in place of the usual ones. */
  readonly ca?: string | undefined
  /** The client's own certificate and its key. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** As Node takes them. */
export interface TlsSettings {
  readonly rejectUnauthorized: boolean
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

const toSettings = ({ verify, ca, cert, key }: TlsOptions): TlsSettings => ({
  rejectUnauthorized: verify,
  ...(ca === undefined ? {} : { ca }),
  ...(cert === undefined ? {} : { cert }),
  ...(key === undefined ? {} : { key }),
})

/** What makes connections, for both schemes. */
export interface AgentPair {
  readonly http: HttpAgent
  readonly https: HttpAgent
}

/** Connections to a target. */
export interface Agents {
  /** Kept open for the next request. */
  readonly kept: AgentPair
  /** Made for one request, and closed after it: one that was kept may be closed by the server while the request is on its way. */
  readonly fresh: AgentPair
  /** Scheme, host and port of the proxy they go through; `null`: they go directly. */
  readonly proxy: string | null
}

export interface AgentPool {
  /** The agents for a target, directly or by its proxy. */
  readonly of: (target: URL) => Promise<E.Either<HttpFailure, Agents>>
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

/** Node reads the contents when a connection is first made, and passes over authorities that are none: here it is seen before. */
const checkTls = (settings: TlsSettings): E.Either<HttpFailure, void> => {
  try {
    if (settings.ca !== undefined || settings.cert !== undefined || settings.key !== undefined) createSecureContext(settings)
    if (settings.ca !== undefined) void new X509Certificate(settings.ca)
    return E.right(undefined)
  } catch {
    return E.left({ _tag: 'InvalidRequest', what: 'the authorities, certificate or key of this cloud cannot be read' })
  }
}

/** All connections of one transport. An idle one does not keep the process alive. */
export const createAgents = (tls: TlsOptions, proxy: ProxyOptions, lookup?: LookupFunction): AgentPool => {
  const settings = toSettings(tls)
  const readable = checkTls(settings)
  const { cert: _cert, key: _key, ...trust } = settings
  const pairOf = (keepAlive: boolean): AgentPair => {
    const connecting = { keepAlive, ...(lookup === undefined ? {} : { lookup }) }
    return { http: new HttpAgent(connecting), https: new HttpsAgent({ ...connecting, ...settings }) }
  }
  const direct: Agents = { kept: pairOf(true), fresh: pairOf(false), proxy: null }
  const byProxy = new Map<string, Agents>()
  /** Most runs need no proxy, and do without what speaks to one. */
  const through = async (address: string): Promise<Agents> => {
    const { createProxyAgents } = await import('./proxy-agents.ts')
    const agents = byProxy.get(address) ?? createProxyAgents(address, trust, settings)
    byProxy.set(address, agents)
    return agents
  }
  return {
    of: async (target) => {
      if (E.isLeft(readable)) return readable
      const address = proxyFor(target, proxy)
      if (address === null) return E.right(direct)
      return isProxyUrl(address) ? E.right(await through(address)) : E.left({ _tag: 'InvalidRequest', what: 'the address of the proxy is no http or https URL' })
    },
    close: () => {
      for (const { kept, fresh } of [direct, ...byProxy.values()]) {
        for (const agent of [kept.http, kept.https, fresh.http, fresh.https]) agent.destroy()
      }
    },
  }
}
