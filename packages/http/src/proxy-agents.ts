import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { createAgentPair, type AgentPair, type Agents } from './agent-pair.ts'
import type { TlsSettings } from './tls-settings.ts'

/**
 * Passes the TLS options to the target: https-proxy-agent 9 loses them, because its constructor empties `options`.
 * The proxy gets the trusted authorities, but not the client certificate.
 */
class Tunnel extends HttpsProxyAgent<string> {
  readonly #tls: TlsSettings
  constructor(proxy: string, keepAlive: boolean, trust: TlsSettings, tls: TlsSettings) {
    super(proxy, { keepAlive, ...trust })
    this.#tls = tls
  }
  override connect(
    ...[request, options]: Parameters<HttpsProxyAgent<string>['connect']>
  ): ReturnType<HttpsProxyAgent<string>['connect']> {
    return super.connect(request, { ...options, ...this.#tls })
  }
}

/** Agents for a proxy, verified with `trust`, to targets with the options `tls`. */
export const createProxyAgents = (address: string, trust: TlsSettings, tls: TlsSettings): Agents => {
  const createPair = (keepAlive: boolean): AgentPair =>
    createAgentPair({
      http: () => new HttpProxyAgent(address, { keepAlive, ...trust }),
      https: () => new Tunnel(address, keepAlive, trust, tls),
    })
  return { kept: createPair(true), fresh: createPair(false), proxy: new URL(address).origin }
}
