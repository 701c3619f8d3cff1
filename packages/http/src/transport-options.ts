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
