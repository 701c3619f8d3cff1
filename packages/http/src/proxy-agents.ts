import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import type { AgentPair, Agents } from './agent-pair.ts'
import type { TlsSettings } from './tls-settings.ts'

/**
 * https-proxy-agent 9 forgets its TLS options for the target (its constructor empties `options`): they are handed over here.
 * The proxy itself gets the trusted authorities, never the client's certificate.
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

/** Agents that go through the proxy at `address`, which is proved by `trust`, to targets that `tls` is for. */
export const createProxyAgents = (address: string, trust: TlsSettings, tls: TlsSettings): Agents => {
  const pairOf = (keepAlive: boolean): AgentPair => ({
    http: new HttpProxyAgent(address, { keepAlive, ...trust }),
    https: new Tunnel(address, keepAlive, trust, tls),
  })
  return { kept: pairOf(true), fresh: pairOf(false), proxy: new URL(address).origin }
}
