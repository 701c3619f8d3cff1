import type { Agent } from 'node:http'

/** Agents for http and https. */
export interface AgentPair {
  /** The agent for the protocol of a URL. */
  readonly select: (target: URL) => Agent
  /** Closes every connection. */
  readonly destroy: () => void
}

/** Creates each agent when it is first selected, because loading `node:https` takes nearly as long as Node takes to start. */
export const createAgentPair = (create: { readonly http: () => Agent; readonly https: () => Agent }): AgentPair => {
  const created = new Map<keyof typeof create, Agent>()
  return {
    select: ({ protocol }) => {
      const key = protocol === 'https:' ? 'https' : 'http'
      const agent = created.get(key) ?? create[key]()
      created.set(key, agent)
      return agent
    },
    destroy: () => {
      for (const agent of created.values()) agent.destroy()
    },
  }
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
