import type { Masker } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { toHeaders, type HttpHeaders } from './headers.ts'
import type { HttpResponse, Middleware } from './port.ts'
import { addRequestSecrets } from './request-secrets.ts'

const maskHeaders = (headers: HttpHeaders, masker: Masker): HttpHeaders =>
  toHeaders(Array.from(headers.entries(), ([name, value]) => [name, masker.mask(value)]))

/** No error needs more, and what is searched for secrets is to be searched in time. */
const MOST_ERROR_TEXT = 256 * 1024

const bounded = (text: string): string => (text.length > MOST_ERROR_TEXT ? `${text.slice(0, MOST_ERROR_TEXT)}…` : text)

const maskAnswer = (response: HttpResponse, masker: Masker): HttpResponse => {
  if (response.status >= 200 && response.status <= 299) return response
  const headers = maskHeaders(response.headers, masker)
  return response.kind === 'text'
    ? { ...response, headers, text: masker.mask(bounded(response.text)) }
    : { ...response, headers }
}

/**
 * Hides the secrets of this connection in every answer that is no success, headers included, before anyone reads it, and cuts it at 256 Ki characters: what a server says of a request may repeat
 * all of it. Answers of 200 to 299 are data, and stay as they came. Learns what requests carry as credentials.
 */
export const maskResponses =
  (masker: Masker): Middleware =>
  (next) =>
  (request) =>
  async () => {
    addRequestSecrets(masker, {
      headers: request.headers,
      json: request.body?.kind === 'json' ? request.body.value : null,
    })
    const answer = await next(request)()
    return E.isLeft(answer) ? answer : E.right(maskAnswer(answer.right, masker))
  }
