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

/** What all connections of one run share. */
export interface ConnectionsOptions {
  readonly environment: Environment
  /** As `imago/0.1.0`. */
  readonly userAgent: string
  /** Takes the lines of the debug log; `null`: there is none. */
  readonly log: ((line: string) => void) | null
  /** Prints what is waited for; `null`: nothing does. */
  readonly waits?: Pick<ClientOptions, 'onStall' | 'onPause'> | null | undefined
  /** The secrets that no error may repeat. */
  readonly masker: Masker
  /** Is given what would change something, in place of the cloud; `null`: it is sent. */
  readonly intercept: ((request: InterceptedRequest) => void) | null
  /** That of the system, if left out. */
  readonly timing?: Timing | undefined
}

/** The connections of one run of the command. */
export interface Connections {
  readonly of: (cloud: ProviderCloud) => E.Either<ConfigInvalid, ClientOptions>
  /** Closes every one. */
  readonly close: () => void
}

/** Clouds with the same TLS settings share their transport. */
export const createConnections = ({
  environment,
  userAgent,
  log,
  waits = null,
  masker,
  intercept: hold,
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
            ...(hold === null ? {} : { intercept: hold }),
          }
        }),
      ),
    close: () => {
      for (const { close } of transports.values()) close()
    },
  }
}
