import * as E from 'fp-ts/lib/Either.js'
import type { HttpFailure } from '../src/failure.ts'
import { toHeaders } from '../src/headers.ts'
import type { HttpClient, HttpRequest, TextResponse } from '../src/port.ts'
import type { AttemptResult } from '../src/retry.ts'

export const answer = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  text = '',
): E.Either<never, TextResponse> =>
  E.right({ kind: 'text', status, headers: toHeaders(Object.entries(headers)), url: 'https://cloud.example/', text })

export const fails = (failure: HttpFailure): E.Either<HttpFailure, never> => E.left(failure)

/** A client that returns scripted responses; the last one repeats. */
export const scripted = (
  ...script: readonly (AttemptResult | ((request: HttpRequest) => Promise<AttemptResult> | AttemptResult))[]
) => {
  const requests: HttpRequest[] = []
  const client: HttpClient = (request) => async () => {
    const step = script[Math.min(requests.length, script.length - 1)]
    requests.push(request)
    return typeof step === 'function' ? step(request) : (step as AttemptResult)
  }
  return { client, requests }
}

export const GET: HttpRequest = { method: 'GET', url: 'https://cloud.example/v2/images' }

export const getStatus = (outcome: AttemptResult): number | string =>
  E.isLeft(outcome) ? outcome.left._tag : outcome.right.status
