export type { TlsOptions } from './tls-settings.ts'
export { observeBytes, type BytesHooks } from './observe-bytes.ts'
export { sendForText, parseJsonBody } from './send-text.ts'
export { auth } from './auth.ts'
export { createChunkPool, releaseChunk, retainChunk, type ChunkPool } from './chunk-pool.ts'
export { createTransport, type Transport, type TransportOptions } from './transport.ts'
export { parseContentLength, parseContentRange, parseTotalSize, type ContentRange } from './content-range.ts'
export { parseContentCodings, decodeContent, type DecodedContent } from './content-coding.ts'
export { createHttpClient, type HttpClientOptions } from './client.ts'
export { revealSecret, type ClientOptions, type SecretText } from './client-options.ts'
export {
  fixedCredential,
  renewableCredential,
  type Credential,
  type AuthToken,
  type RenewableCredential,
  type RenewableOptions,
} from './credential.ts'
export { debugLog, type DebugLogOptions } from './debug-log.ts'
export type { ExchangeStage } from './exchange-stage.ts'
export { BrokenBody, describeFailure, mayBeSent, type HttpFailure } from './failure.ts'
export { findRequestId, parseRetryAfter, readServerTime, toHeaders, type HttpHeaders } from './headers.ts'
export { interceptWrites, type InterceptedRequest } from './intercept-writes.ts'
export { imageBytes, toImageErrorFromFailure } from './image-error.ts'
export { maskResponses } from './mask-responses.ts'
export { noRedirects } from './no-redirects.ts'
export {
  compose,
  isIdempotent,
  isReplayable,
  type HttpClient,
  type HttpMethod,
  type HttpRequest,
  type HttpResponse,
  type Middleware,
  type RequestBody,
  type StreamBody,
  type StreamResponse,
  type TextResponse,
} from './port.ts'
export { selectProxy, type ProxyOptions } from './proxy.ts'
export { rateLimit, type RateLimitOptions } from './rate-limit.ts'
export {
  cautiousRetry,
  retry,
  decideOnFailure,
  type AttemptResult,
  type RetryPolicy,
  type RetryDecision,
} from './retry.ts'
export { addRequestSecrets, addUrlSecrets, type SentSecrets } from './request-secrets.ts'
export { sameOrigin, type SameOriginOptions } from './same-origin.ts'
export type { TlsProblem } from './tls-failure.ts'
export { timeout, type StalledRequest } from './timeout.ts'
export { systemTiming, type Timing } from './timing.ts'
export type { OnPause, Pause } from './request-pause.ts'
export { isWrongEndpoint, readWebPage, describeWebPage, type WebPage } from './web-page.ts'
export { userAgent, type UserAgentOptions } from './user-agent.ts'
