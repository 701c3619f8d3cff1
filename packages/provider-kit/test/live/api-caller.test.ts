import { describe, expect, it } from '@jest/globals'
import { conflict, rejected, createErrorSite } from '@imago/core/provider'
import { toHeaders, type HttpFailure, type HttpRequest, type TextResponse } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { createApiCaller, OUTCOME_UNKNOWN_HINT, type ApiCall } from '../../src/live/index.ts'

const GET: HttpRequest = { method: 'GET', url: '/images/1' }
const POST: HttpRequest = { method: 'POST', url: '/images' }
const CALL: ApiCall = { operation: 'get', subject: 'image 1' }

const respond = (status: number, text = '', more: Partial<TextResponse> = {}): TextResponse => ({
  kind: 'text',
  status,
  headers: toHeaders([['x-request-id', 'req-1']]),
  text,
  url: 'https://api.small.example/v1/images/1',
  ...more,
})

const page = (status: number): TextResponse =>
  respond(status, '<!doctype html><title>Log in</title>', { headers: toHeaders([['content-type', 'text/html']]) })

/** Creates a caller whose requests all end with `outcome`, and records the requests. */
const createCaller = (outcome: E.Either<HttpFailure, TextResponse>) => {
  const sent: HttpRequest[] = []
  const caller = createApiCaller<ApiCall>({
    cloud: { provider: 'small', cloud: 'mine', region: null },
    clock: () => 5,
    basePath: '/v1',
    send: (request) => async () => {
      sent.push(request)
      return outcome
    },
    server: () => 'the small API',
    toImageError: (site, { status }, { subject, onlyOnce }, now) =>
      rejected(site, { what: `${status} ${subject} ${onlyOnce} ${now}` }),
  })
  return { caller, sent }
}

const send = (outcome: E.Either<HttpFailure, TextResponse>, request: HttpRequest = GET, call = CALL) =>
  createCaller(outcome).caller.send(request, call)()

describe('send', () => {
  it('returns a success', async () => {
    const response = respond(204)
    expect(await send(E.right(response))).toEqual(E.right(response))
  })

  it('maps any other response by the provider’s own function', async () =>
    expect(await send(E.right(respond(400)))).toMatchObject(
      E.left({
        _tag: 'Rejected',
        what: '400 image 1 false 5',
        cloud: 'mine',
        operation: 'get',
        request: { method: 'GET', path: '/v1/images/1', status: 400, requestId: 'req-1' },
      }),
    ))

  it('passes on whether a request is idempotent', async () =>
    expect(await send(E.right(respond(400)), POST, { operation: 'create' })).toMatchObject(
      E.left({ what: '400 null true 5' }),
    ))

  it('sends nothing when the call is aborted', async () => {
    const { caller, sent } = createCaller(E.right(respond(200)))
    expect(await caller.send(GET, { ...CALL, signal: AbortSignal.abort() })()).toMatchObject(
      E.left({ _tag: 'Aborted' }),
    )
    expect(sent).toEqual([])
  })

  it('succeeds when a repeated DELETE returns 404', async () =>
    expect(E.isRight(await send(E.right(respond(404, '', { isRepeat: true })), { method: 'DELETE', url: '/x' }))).toBe(
      true,
    ))

  it('returns ConfigInvalid for a web page instead of the API', async () =>
    expect(await send(E.right(page(404)))).toMatchObject(
      E.left({ _tag: 'ConfigInvalid', what: expect.stringContaining('Log in') }),
    ))

  it('maps a gateway’s web page by its status', async () =>
    expect(await send(E.right(page(502)))).toMatchObject(E.left({ what: '502 image 1 false 5' })))
})

describe('without a response', () => {
  const timeout: HttpFailure = { _tag: 'Timeout', timeoutMs: 1000 }

  it('returns Unavailable, without a status', async () =>
    expect(await send(E.left(timeout))).toMatchObject(
      E.left({ _tag: 'Unavailable', what: 'no response within 1 s', request: { status: null, requestId: null } }),
    ))

  it.each([
    ['a timeout', timeout],
    ['a connection that broke', { _tag: 'Network', code: 'ECONNRESET' }],
    ['a response that is not HTTP', { _tag: 'BadBody', what: 'no HTTP' }],
  ] as const)('hints to check first after %s, when the request is not idempotent', async (_, failure) =>
    expect(await send(E.left(failure), POST)).toMatchObject(E.left({ hint: OUTCOME_UNKNOWN_HINT })),
  )

  it.each([
    ['was not sent', POST, { _tag: 'Network', code: 'ECONNREFUSED' }],
    ['found no connection', POST, { ...timeout, stage: 'connection' }],
    ['is idempotent', GET, timeout],
  ] as const)('does not hint at it when the request %s', async (_, request, failure) => {
    const result = await send(E.left(failure), request)
    expect(E.isLeft(result) && result.left.hint).not.toBe(OUTCOME_UNKNOWN_HINT)
  })

  it('returns the error of the byte source unchanged', async () => {
    const error = conflict(createErrorSite({ provider: 'other', cloud: null }, 'download'), { what: 'gone' })
    expect(await send(E.left({ _tag: 'SourceFailed', error }), POST)).toEqual(E.left(error))
  })

  it('names the operation of the call when a login failed', async () => {
    const error = conflict(createErrorSite({ provider: 'small', cloud: 'mine' }, 'login'), { what: 'refused' })
    expect(await send(E.left({ _tag: 'LoginFailed', error }))).toMatchObject(
      E.left({ what: 'refused', operation: 'get' }),
    )
  })
})

describe('read', () => {
  it('reads the JSON of a success', async () =>
    expect(await createCaller(E.right(respond(200, '{"id":1}'))).caller.read(GET, CALL, E.right)()).toEqual(
      E.right({ id: 1 }),
    ))

  it('returns DecodeFailed when the reader refuses the body', async () =>
    expect(
      await createCaller(E.right(respond(200, '{}'))).caller.read(GET, CALL, () =>
        E.left([{ pointer: '/id', expected: 'number', got: 'nothing' }]),
      )(),
    ).toMatchObject(E.left({ _tag: 'DecodeFailed', what: 'the response is not what the small API documents' })))
})
