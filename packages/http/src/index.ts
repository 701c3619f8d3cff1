export type { TlsOptions } from './tls-settings.ts'
export { aroundBytes, type BytesHooks } from './around-bytes.ts'
export { askText, jsonOf } from './ask.ts'
export { auth } from './auth.ts'
export { createTransport, type Transport, type TransportOptions } from './axios-client.ts'
export { contentCodings, plainBytes, type PlainBytes } from './content-coding.ts'
export { createHttpClient, type HttpClientOptions } from './client.ts'
export { revealed, type Connection, type SecretText } from './connection.ts'
export {
  fixedCredential,
  renewableCredential,
  type Credential,
  type Grant,
  type RenewableCredential,
  type RenewableOptions,
} from './credential.ts'
export { debugLog, type DebugLogOptions } from './debug-log.ts'
export type { ExchangeStage } from './exchange-stage.ts'
export { BrokenBody, describeFailure, mayBeSent, type HttpFailure } from './failure.ts'
export { requestIdOf, retryAfterOf, serverNow, toHeaders, type HttpHeaders } from './headers.ts'
export { holdWrites, type HeldRequest } from './hold-writes.ts'
export { imageBytes, toImageErrorFromFailure } from './image-error.ts'
export { maskAnswers } from './mask-answers.ts'
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
export { proxyFor, type ProxyOptions } from './proxy.ts'
export { rateLimit, type RateLimitOptions } from './rate-limit.ts'
export { cautiousRetry, retry, verdictOnFailure, type Outcome, type RetryPolicy, type Verdict } from './retry.ts'
export { addRequestSecrets, addUrlSecrets, type SentSecrets } from './request-secrets.ts'
export { sameOrigin, type SameOriginOptions } from './same-origin.ts'
export type { TlsProblem } from './tls-failure.ts'
export { timeout, type Silence } from './timeout.ts'
export { systemTiming, type Timing } from './timing.ts'
export type { OnPause, Pause } from './told-pause.ts'
export { isInPlace, readWebPage, webPageWording, type WebPage } from './web-page.ts'
export { userAgent, type UserAgentOptions } from './user-agent.ts'
