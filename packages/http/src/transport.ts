import * as E from 'fp-ts/lib/Either.js'
import type { LookupFunction } from 'node:net'
import type { HttpClient } from './port.ts'
import type { ProxyOptions } from './proxy.ts'
import type { TlsOptions } from './tls-settings.ts'

/** Options of `createTransport`. */
export interface TransportOptions {
  readonly tls?: TlsOptions | undefined
  readonly proxy?: ProxyOptions | undefined
  /** Resolves host names, unless a proxy does; not called for IP addresses. Default: the system's resolver. */
  readonly lookup?: LookupFunction | undefined
  /** The largest text to hold in memory, in bytes after decompression. Default: 64 MiB. */
  readonly maxTextBytes?: number | undefined
}

/** Sends requests over its own connections. */
export interface Transport {
  /** Accepts absolute http(s) URLs only. Has no timeout: wrap it in `timeout`. */
  readonly client: HttpClient
  /** Closes all connections. Later requests fail with `Aborted`. */
  readonly close: () => void
}

/**
 * Creates a transport on axios. Responses of any status are returned. Redirects are not followed. axios and Node's HTTP modules are loaded with the first
 * request, because a program that could send requests often sends none.
 */
export const createTransport = (options: TransportOptions = {}): Transport => {
  let isClosed = false
  let loaded: Transport | null = null
  const load = async (): Promise<Transport> => {
    const { createAxiosTransport } = await import('./axios-client.ts')
    loaded ??= createAxiosTransport(options)
    return loaded
  }
  return {
    client: (request) => async () => {
      const { client } = loaded ?? (await load())
      return isClosed || request.signal?.aborted === true ? E.left({ _tag: 'Aborted' }) : client(request)()
    },
    close: () => {
      isClosed = true
      loaded?.close()
    },
  }
}
