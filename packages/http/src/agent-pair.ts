import type { Agent } from 'node:http'

/** What makes connections, for both schemes. */
export interface AgentPair {
  readonly http: Agent
  readonly https: Agent
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
