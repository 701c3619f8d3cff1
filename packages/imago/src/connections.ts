import type { ConfigInvalid, Masker } from '@imago/core'
import {
  createTransport,
  systemTiming,
  type ClientOptions,
  type InterceptedRequest,
  type Timing,
  type Transport,
} from '@imago/http'
import type { Environment, ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { findProxies } from './proxies.ts'
import { readTls } from './tls-files.ts'

/** Options that all connections of one run share. */
export interface ConnectionsOptions {
  readonly environment: Environment
  /** For example `imago/0.1.0`. */
  readonly userAgent: string
  /** Receives the lines of the debug log; `null`: no log. */
  readonly log: ((line: string) => void) | null
  /** Reports stalls and pauses; `null`: not reported. */
  readonly waits?: Pick<ClientOptions, 'onStall' | 'onPause'> | null | undefined
  /** Masks secrets in errors. */
  readonly masker: Masker
  /** Dry run: receives each request that would change something; `null`: requests are sent. */
  readonly intercept: ((request: InterceptedRequest) => void) | null
  /** Default: the system's clock and timers. */
  readonly timing?: Timing | undefined
}

/** The connections of one run of the command. */
export interface Connections {
  readonly of: (cloud: ProviderCloud) => E.Either<ConfigInvalid, ClientOptions>
  /** Closes all connections. */
  readonly close: () => void
}

/** Creates the connections. Clouds with the same TLS settings share a transport. */
export const createConnections = ({
  environment,
  userAgent,
  log,
  waits = null,
  masker,
  intercept,
  timing = systemTiming,
}: ConnectionsOptions): Connections => {
  const transports = new Map<string, Transport>()
  const proxy = findProxies(environment.variables)
  return {
    of: (cloud) =>
      pipe(
        readTls(cloud, environment),
        E.map((tls): ClientOptions => {
          const key = JSON.stringify([tls.verify, tls.ca, tls.cert, tls.key])
          const transport = transports.get(key) ?? createTransport({ tls, proxy })
          transports.set(key, transport)
          return {
            transport: transport.client,
            userAgent,
            masker,
            timing,
            timeoutMs: cloud.timeoutMs ?? undefined,
            ...(log === null ? {} : { log }),
            ...waits,
            ...(intercept === null ? {} : { intercept }),
          }
        }),
      ),
    close: () => {
      for (const { close } of transports.values()) close()
    },
  }
}
