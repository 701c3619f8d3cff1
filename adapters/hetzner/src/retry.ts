import type { AttemptResult, RetryPolicy, RetryDecision } from '@imago/http'
import { readError } from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'

/**
 * The codes after which hcloud-go and hcloud-python retry any method (client_handler_retry.go, _client.py). Here, a POST is repeated only if the API
 * did nothing: after a gateway's error the server may have done its work, and a second `create_image` creates a second snapshot
 * (packer-plugin-hcloud#400).
 */
const DECISIONS: ReadonlyMap<string, RetryDecision> = new Map([
  ['conflict', 'always'],
  ['rate_limit_exceeded', 'always'],
  ['bad_gateway', 'if-idempotent'],
  ['timeout', 'if-idempotent'],
])

/** For responses of a gateway in front of the API. */
const DECISIONS_WITHOUT_CODE: ReadonlyMap<number, RetryDecision> = new Map([
  [408, 'if-idempotent'],
  [429, 'always'],
  [502, 'if-idempotent'],
  [504, 'if-idempotent'],
])

/** Timeouts, as hcloud, and broken connections, which Go's HTTP client retries by itself. A refused connection means a wrong address. */
const BROKEN = new Set(['ETIMEDOUT', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

const decideRetry = (outcome: AttemptResult): RetryDecision => {
  if (E.isLeft(outcome)) {
    const failure = outcome.left
    return failure._tag === 'Timeout' || (failure._tag === 'Network' && BROKEN.has(failure.code))
      ? 'if-idempotent'
      : 'never'
  }
  const response = outcome.right
  if (response.kind === 'stream' || response.status < 400) return 'never'
  const { code } = readError(response.status, response.headers.get('content-type'), response.text)
  return (code === null ? DECISIONS_WITHOUT_CODE.get(response.status) : DECISIONS.get(code)) ?? 'never'
}

/**
 * Hetzner's retry policy. Not for `locked`, `protected`, `unavailable`, `service_error`, `server_error` and `resource_unavailable`, which last.
 * Five times: after 1 s, then after random times of 1 to 2, 4, 8 and 16 s.
 */
export const hetznerRetry: RetryPolicy = { decide: decideRetry, retries: 5, baseMs: 1000, capMs: 60_000, floorMs: 1000 }
