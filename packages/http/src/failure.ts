import type { TruncatedResponse, ImageError } from '@imago/core/provider'
import type { CertificateDate } from './certificate-date.ts'
import type { ExchangeStage } from './exchange-stage.ts'
import { describeCertificateProblem, describeTlsProblem, type TlsProblem } from './tls-failure.ts'

/**
 * Why there is no answer, or none that may be used. Whatever status a server answers with is an answer, not a failure.
 * A plain value: no token, header, payload or query is in it.
 */
export type HttpFailure =
  /**
   * No connection, or it broke. `code`: Node's word, as `ECONNREFUSED`. `origin`: scheme, host and port that were asked, where the transport says so;
   * `proxy`: those of the proxy that it was asked through, which may be what does not answer.
   * `truncated`: how far the body of the answer came, where it had begun.
   */
  | {
      readonly _tag: 'Network'
      readonly code: string
      readonly origin?: string | undefined
      readonly proxy?: string | undefined
      readonly truncated?: TruncatedResponse | undefined
    }
  /** The server's certificate was not accepted. `code`: OpenSSL's word, as `CERT_HAS_EXPIRED`. `origin`, `proxy`: as of `Network`. `names`: the hosts that it is for, where that is what is wrong. `date`: where its date is. */
  | {
      readonly _tag: 'Untrusted'
      readonly code: string
      readonly origin?: string | undefined
      readonly proxy?: string | undefined
      readonly names?: readonly string[] | undefined
      readonly date?: CertificateDate | undefined
    }
  /** TLS did not come about, and will not. `code`: OpenSSL's word, as `ERR_SSL_WRONG_VERSION_NUMBER`. `origin`, `proxy`: as of `Network`. */
  | {
      readonly _tag: 'TlsFailed'
      readonly code: string
      readonly problem: TlsProblem
      readonly origin?: string | undefined
      readonly proxy?: string | undefined
    }
  /** The server was silent for this long. `stage`: what was waited for, and `origin`: scheme, host and port of what was asked, where the transport says so. */
  | {
      readonly _tag: 'Timeout'
      readonly timeoutMs: number
      readonly stage?: ExchangeStage | undefined
      readonly origin?: string | undefined
    }
  /** The caller's signal stopped it. */
  | { readonly _tag: 'Aborted' }
  /** The request was for another host than those configured, and was not sent. */
  | { readonly _tag: 'RefusedHost'; readonly origin: string }
  /** The server sent the client elsewhere; it was not followed. `to`: scheme, host and path; `null` if that is no http(s) URL. */
  | { readonly _tag: 'RefusedRedirect'; readonly status: number; readonly to: string | null }
  /** The proxy wants credentials, or others. */
  | { readonly _tag: 'RefusedByProxy' }
  /** The request cannot be sent as it is: an address that is none, a header with a line break. */
  | { readonly _tag: 'InvalidRequest'; readonly what: string }
  /** More than one is ready to hold in memory. `limit` is in bytes. */
  | { readonly _tag: 'TooLarge'; readonly part: 'headers' | 'body'; readonly limit: number }
  /** An answer that is no HTTP, or a body that is not what its headers say. */
  | { readonly _tag: 'BadBody'; readonly what: string; readonly hint?: string | undefined }
  /** The provider asks to wait longer than one is ready to. */
  | { readonly _tag: 'RateLimited'; readonly retryAfterMs: number }
  /** The credential could not be obtained or renewed. */
  | { readonly _tag: 'LoginFailed'; readonly error: ImageError }
  /** The bytes to send could not be read. `error`: as their source said it, `null` if it threw something else. */
  | { readonly _tag: 'SourceFailed'; readonly error: ImageError | null }
  /** It would change something, and the client was told to send no such thing. */
  | { readonly _tag: 'Intercepted' }
  /** The source of the bytes to send gave another number of them than it had said. `actual`: as many as were seen. */
  | { readonly _tag: 'WrongSize'; readonly expected: number; readonly actual: number }

/** Codes of a connection that stood, and broke. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

/** Whether there was a connection, which broke: then the address is right. */
export const isBroken = ({ code }: Extract<HttpFailure, { readonly _tag: 'Network' }>): boolean => BROKEN.has(code)

/** Codes of what fails before there is a connection. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'])

/** Whether the server may have got the request, although there is no answer, or none that can be read. */
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
const extentText = ({ received, expected }: TruncatedResponse): string =>
  expected === null ? `after ${received} bytes, before its end` : `after ${received} of ${expected} bytes`

/** What was asked, and through what. */
const placeText = ({
  origin,
  proxy,
}: {
  readonly origin?: string | undefined
  readonly proxy?: string | undefined
}): string => `${origin ?? 'the server'}${proxy === undefined ? '' : ` (through the proxy ${proxy})`}`

/** When a certificate ended, or begins. */
const dateText = (
  failure: Extract<HttpFailure, { readonly _tag: 'Untrusted' }>,
  { date, authority }: CertificateDate,
): string => {
  const how = failure.code === 'CERT_HAS_EXPIRED' ? `expired at ${date}` : `is not valid before ${date}`
  return authority === null
    ? `the certificate of ${placeText(failure)} ${how}`
    : `the certificate of ${placeText(failure)} is signed by ${authority}, whose own certificate ${how}`
}

/** What did not come in time. */
const timeoutText = ({
  timeoutMs,
  stage = 'answer',
  origin,
}: Extract<HttpFailure, { readonly _tag: 'Timeout' }>): string => {
  const within = `within ${timeoutMs / 1000} s`
  switch (stage) {
    case 'connection':
      return `no connection to ${origin ?? 'the server'} ${within}`
    case 'request':
      return `${origin ?? 'the server'} took no more of the request ${within}`
    case 'answer':
      return `no answer${origin === undefined ? '' : ` from ${origin}`} ${within}`
    case 'rest':
      return `${origin ?? 'the server'} began to answer, and did not end ${within}`
    case 'bytes':
      return `no more bytes from ${origin ?? 'the server'} ${within}`
  }
}

/** What a failure is, in words: without a final stop. */
export const describeFailure = (failure: HttpFailure): string => {
  switch (failure._tag) {
    case 'Network':
      if (failure.truncated !== undefined)
        return `the answer broke off ${extentText(failure.truncated)} (${failure.code})`
      return `${isBroken(failure) ? 'the connection' : 'no connection'}${failure.origin === undefined ? '' : ` to ${failure.origin}`}${failure.proxy === undefined ? '' : ` through the proxy ${failure.proxy}`}${isBroken(failure) ? ' broke' : ''} (${failure.code})`
    case 'Untrusted':
      if (failure.date !== undefined) return `${dateText(failure, failure.date)} (${failure.code})`
      return `the certificate of ${placeText(failure)} ${describeCertificateProblem(failure.code).what}${failure.names === undefined || failure.names.length === 0 ? '' : `: ${failure.names.join(', ')}`} (${failure.code})`
    case 'TlsFailed':
      return `${placeText(failure)} ${describeTlsProblem(failure.problem).what} (${failure.code})`
    case 'Timeout':
      return timeoutText(failure)
    case 'Aborted':
      return 'interrupted'
    case 'RefusedHost':
      return `a request to ${failure.origin} was refused: it is not an address of this cloud`
    case 'RefusedRedirect':
      return `the server redirects to ${failure.to ?? 'something that is no address'}, which was not followed`
    case 'RefusedByProxy':
      return 'the proxy asks for credentials'
    case 'InvalidRequest':
      return failure.what
    case 'TooLarge':
      return `the ${failure.part} of the answer ${failure.part === 'headers' ? 'are' : 'is'} larger than ${failure.limit} bytes`
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
      return 'the source gave another number of bytes than it had said'
  }
}

/** What the iteration over a streamed body throws: a failure that came after the answer. */
export class BrokenBody extends Error {
  readonly failure: HttpFailure
  constructor(failure: HttpFailure) {
    super(describeFailure(failure))
    this.name = 'BrokenBody'
    this.failure = failure
  }
}
