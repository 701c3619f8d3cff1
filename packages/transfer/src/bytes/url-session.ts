import type { Abortable, AbortSignalLike, ErrorSite, ImageError } from '@imago/core'
import {
  compose,
  createTransport,
  systemTiming,
  timeout,
  userAgent,
  type ProxyOptions,
  type Timing,
  type TlsOptions,
} from '@imago/http'
import type * as E from 'fp-ts/lib/Either.js'
import type { Scope } from './address.ts'
import { follow, type Arrival } from './follow.ts'
import { createPinnedLookup, systemNetwork, type FoundHost, type Network } from './network.ts'

/** Options of `urlSource`. */
export interface UrlOptions extends Abortable {
  readonly site: ErrorSite
  readonly tls?: TlsOptions | undefined
  readonly proxy?: ProxyOptions | undefined
  /** The longest time without data from the server, in milliseconds. Default: 60,000. */
  readonly timeoutMs?: number | undefined
  /** Such as `imago/0.1.0`. */
  readonly userAgent?: string | undefined
  readonly timing?: Pick<Timing, 'clock' | 'sleep'> | undefined
  /** Name resolution and classification of addresses. Default: the system's resolver. */
  readonly network?: Network | undefined
}

export interface Session {
  readonly ask: (
    url: URL,
    headers: Readonly<Record<string, string>>,
    nearest: Scope | null,
    signal: AbortSignalLike | undefined,
    accepts: (status: number) => boolean,
  ) => Promise<E.Either<ImageError, Arrival>>
  readonly close: () => void
}

/** Creates a session for one request with its redirects. Connections are not kept. */
export const createSession = ({
  site,
  tls,
  proxy,
  timeoutMs = 60_000,
  userAgent: name = 'imago',
  timing = systemTiming,
  network = systemNetwork,
}: UrlOptions): Session => {
  const hosts = new Map<string, FoundHost>()
  const { client, close } = createTransport({ tls, proxy, lookup: createPinnedLookup((host) => hosts.get(host)) })
  const asking = compose(userAgent({ userAgent: name }), timeout({ timeoutMs, ...timing }))(client)
  return {
    ask: (url, headers, nearest, signal, accepts) =>
      follow(url, {
        client: asking,
        network,
        proxy: proxy ?? null,
        site,
        pin: (host) => void hosts.set(host.name, host),
        headers,
        signal,
        nearest,
        accepts,
      }),
    close,
  }
}
