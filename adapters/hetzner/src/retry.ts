import type { AttemptResult, RetryPolicy, RetryDecision } from '@imago/http'
import { readError } from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'

/**
 * The API's codes that hcloud-go and hcloud-python try again on (client_handler_retry.go, _client.py). They do so whatever the method;
 * here a POST is repeated only where the API says that it did nothing: a gateway's error tells nothing of what the server behind it did,
 * and a second `create_image` makes a second snapshot (packer-plugin-hcloud#400).
 */
const VERDICTS: ReadonlyMap<string, RetryDecision> = new Map([
  ['conflict', 'always'],
  ['rate_limit_exceeded', 'always'],
  ['bad_gateway', 'if-idempotent'],
  ['timeout', 'if-idempotent'],
])

/** Where something before the API answered. */
const VERDICTS_WITHOUT_CODE: ReadonlyMap<number, RetryDecision> = new Map([
  [408, 'if-idempotent'],
  [429, 'always'],
  [502, 'if-idempotent'],
  [504, 'if-idempotent'],
])

/** Timeouts, as hcloud; and connections that break, which Go's own HTTP client tries again on unseen. One that is refused is an address that is wrong. */
const BROKEN = new Set(['ETIMEDOUT', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

const verdict = (outcome: AttemptResult): RetryDecision => {
  if (E.isLeft(outcome)) {
    const failure = outcome.left
    return failure._tag === 'Timeout' || (failure._tag === 'Network' && BROKEN.has(failure.code))
      ? 'if-idempotent'
      : 'never'
  }
  const answer = outcome.right
  if (answer.kind === 'stream' || answer.status < 400) return 'never'
  const { code } = readError(answer.status, answer.headers.get('content-type'), answer.text)
  return (code === null ? VERDICTS_WITHOUT_CODE.get(answer.status) : VERDICTS.get(code)) ?? 'never'
}

/**
 * When Hetzner wants to be asked again. Not on `locked`, `protected`, `unavailable`, `service_error`, `server_error` and
 * `resource_unavailable`: those last. Five times, after 1 s, and 1 to 2, 4, 8 and 16 s by chance.
 */
export const hetznerRetry: RetryPolicy = { decide: verdict, retries: 5, baseMs: 1000, capMs: 60_000, floorMs: 1000 }
