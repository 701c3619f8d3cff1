import type { TruncatedResponse, ImageError } from '@imago/core/provider'
import type { CertificateDate } from './certificate-date.ts'
import type { ExchangeStage } from './exchange-stage.ts'
import { describeCertificateProblem, describeTlsProblem, type TlsProblem } from './tls-failure.ts'

/**
 * Why a request has no usable response. A response of any status is not a failure.
 * A plain value without tokens, headers, payload or query.
 */
export type HttpFailure =
  /**
   * No connection, or it was closed. `code`: of Node, such as `ECONNREFUSED`. `origin`: scheme, host and port of the server, if known;
   * `proxy`: those of the proxy, which may be the cause.
   * `truncated`: how much of the response body was received, if it had started.
   */
  | {
      readonly _tag: 'Network'
      readonly code: string
      readonly origin?: string | undefined
      readonly proxy?: string | undefined
      readonly truncated?: TruncatedResponse | undefined
    }
  /** The certificate of the server is not valid. `code`: of OpenSSL, such as `CERT_HAS_EXPIRED`. `origin`, `proxy`: as in `Network`. `names`: its hosts, if they do not match. `date`: if it is outside its period. */
  | {
      readonly _tag: 'Untrusted'
      readonly code: string
      readonly origin?: string | undefined
      readonly proxy?: string | undefined
      readonly names?: readonly string[] | undefined
      readonly date?: CertificateDate | undefined
    }
  /** The TLS handshake failed permanently. `code`: of OpenSSL, such as `ERR_SSL_WRONG_VERSION_NUMBER`. `origin`, `proxy`: as in `Network`. */
  | {
      readonly _tag: 'TlsFailed'
      readonly code: string
      readonly problem: TlsProblem
      readonly origin?: string | undefined
      readonly proxy?: string | undefined
    }
  /** The server did not respond in time. `stage`: of the exchange; `origin`: of the server, if known. */
  | {
      readonly _tag: 'Timeout'
      readonly timeoutMs: number
      readonly stage?: ExchangeStage | undefined
      readonly origin?: string | undefined
    }
  /** Aborted by the caller. */
  | { readonly _tag: 'Aborted' }
  /** The request was for a host that is not configured, and was not sent. */
  | { readonly _tag: 'RefusedHost'; readonly origin: string }
  /** The server sent a redirect, which was not followed. `to`: scheme, host and path; `null`: not an http(s) URL. */
  | { readonly _tag: 'RefusedRedirect'; readonly status: number; readonly to: string | null }
  /** The proxy requires other credentials. */
  | { readonly _tag: 'RefusedByProxy' }
  /** The request is invalid, such as a header with a line break. */
  | { readonly _tag: 'InvalidRequest'; readonly what: string; readonly hint?: string | undefined }
  /** The response exceeds the limit in bytes. */
  | { readonly _tag: 'TooLarge'; readonly part: 'headers' | 'body'; readonly limit: number }
  /** The response is not HTTP, or its body is not valid. */
  | { readonly _tag: 'BadBody'; readonly what: string; readonly hint?: string | undefined }
  /** The provider asks to wait longer than allowed. */
  | { readonly _tag: 'RateLimited'; readonly retryAfterMs: number }
  /** The credential could not be obtained or renewed. */
  | { readonly _tag: 'LoginFailed'; readonly error: ImageError }
  /** The bytes to send could not be read. `error`: of their source; `null`: another exception. */
  | { readonly _tag: 'SourceFailed'; readonly error: ImageError | null }
  /** Intercepted by a dry run. */
  | { readonly _tag: 'Intercepted' }
  /** The source of the bytes returned more or fewer than declared. `actual`: bytes read. */
  | { readonly _tag: 'WrongSize'; readonly expected: number; readonly actual: number }

/** Codes of connections that were closed. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

/** Whether an established connection was closed, so that the address is correct. */
export const isBroken = ({ code }: Extract<HttpFailure, { readonly _tag: 'Network' }>): boolean => BROKEN.has(code)

/** Codes of failures before a connection. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'])

/** Whether the server may have received the request. */
export const mayBeSent = (failure: HttpFailure): boolean => {
  switch (failure._tag) {
    case 'Timeout':
      return failure.stage !== 'connection'
    case 'Network':
      return !UNSENT.has(failure.code)
    case 'BadBody':
    case 'TooLarge':
      return true
    default:
      return false
  }
}

/** `after 512 of 1024 bytes`. */
const formatExtent = ({ received, expected }: TruncatedResponse): string =>
  expected === null ? `after ${received} bytes, before its end` : `after ${received} of ${expected} bytes`

/** The server, and the proxy. */
const formatPlace = ({
  origin,
  proxy,
}: {
  readonly origin?: string | undefined
  readonly proxy?: string | undefined
}): string => `${origin ?? 'the server'}${proxy === undefined ? '' : ` (through the proxy ${proxy})`}`

/** When a certificate expired, or becomes valid. */
const formatCertificateDate = (
  failure: Extract<HttpFailure, { readonly _tag: 'Untrusted' }>,
  { date, authority }: CertificateDate,
): string => {
  const how = failure.code === 'CERT_HAS_EXPIRED' ? `expired at ${date}` : `is not valid before ${date}`
  return authority === null
    ? `the certificate of ${formatPlace(failure)} ${how}`
    : `the certificate of ${formatPlace(failure)} is signed by ${authority}, whose certificate ${how}`
}

const formatTimeout = ({
  timeoutMs,
  stage = 'response',
  origin,
}: Extract<HttpFailure, { readonly _tag: 'Timeout' }>): string => {
  const within = `within ${timeoutMs / 1000} s`
  switch (stage) {
    case 'connection':
      return `no connection to ${origin ?? 'the server'} ${within}`
    case 'request':
      return `${origin ?? 'the server'} accepted no more of the request ${within}`
    case 'response':
      return `no response${origin === undefined ? '' : ` from ${origin}`} ${within}`
    case 'rest':
      return `the response of ${origin ?? 'the server'} did not end ${within}`
    case 'bytes':
      return `no more bytes from ${origin ?? 'the server'} ${within}`
  }
}

/** Describes a failure, without a full stop. */
export const describeFailure = (failure: HttpFailure): string => {
  switch (failure._tag) {
    case 'Network':
      if (failure.truncated !== undefined)
        return `the response was truncated ${formatExtent(failure.truncated)} (${failure.code})`
      return `${isBroken(failure) ? 'the connection' : 'no connection'}${failure.origin === undefined ? '' : ` to ${failure.origin}`}${failure.proxy === undefined ? '' : ` through the proxy ${failure.proxy}`}${isBroken(failure) ? ' was closed' : ''} (${failure.code})`
    case 'Untrusted':
      if (failure.date !== undefined) return `${formatCertificateDate(failure, failure.date)} (${failure.code})`
      return `the certificate of ${formatPlace(failure)} ${describeCertificateProblem(failure.code).what}${failure.names === undefined || failure.names.length === 0 ? '' : `: ${failure.names.join(', ')}`} (${failure.code})`
    case 'TlsFailed':
      return `${formatPlace(failure)} ${describeTlsProblem(failure.problem).what} (${failure.code})`
    case 'Timeout':
      return formatTimeout(failure)
    case 'Aborted':
      return 'interrupted'
    case 'RefusedHost':
      return `a request to ${failure.origin} was refused: it is not an address of this cloud`
    case 'RefusedRedirect':
      return `the server redirects to ${failure.to ?? 'an invalid URL'}, which was not followed`
    case 'RefusedByProxy':
      return 'the proxy requires credentials'
    case 'InvalidRequest':
      return failure.what
    case 'TooLarge':
      return `the ${failure.part} of the response ${failure.part === 'headers' ? 'are' : 'is'} larger than ${failure.limit} bytes`
    case 'BadBody':
      return failure.what
    case 'RateLimited':
      return 'too many requests'
    case 'LoginFailed':
      return failure.error.what
    case 'SourceFailed':
      return failure.error?.what ?? 'the bytes to send could not be read'
    case 'Intercepted':
      return 'not sent: this is a dry run'
    case 'WrongSize':
      return 'the source returned more or fewer bytes than announced'
  }
}

/** Thrown while a streamed body is read: a failure after the start of the response. */
export class BrokenBody extends Error {
  readonly failure: HttpFailure
  constructor(failure: HttpFailure) {
    super(describeFailure(failure))
    this.name = 'BrokenBody'
    this.failure = failure
  }
}
