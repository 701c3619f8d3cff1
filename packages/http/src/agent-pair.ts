import type { Agent } from 'node:http'

/** Agents for http and https. */
export interface AgentPair {
  readonly http: Agent
  readonly https: Agent
}

/** Agents for a target. */
export interface Agents {
  /** Keep connections for later requests. */
  readonly kept: AgentPair
  /** Use a new connection for each request, because the server may close a kept one while a request is in flight. */
  readonly fresh: AgentPair
  /** Scheme, host and port of the proxy; `null`: none. */
  readonly proxy: string | null
}
