import type { Masker } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { toHeaders, type HttpHeaders } from './headers.ts'
import type { HttpResponse, Middleware } from './port.ts'
import { addRequestSecrets } from './request-secrets.ts'

const maskHeaders = (headers: HttpHeaders, masker: Masker): HttpHeaders => toHeaders(Array.from(headers.entries(), ([name, value]) => [name, masker.mask(value)]))

const maskAnswer = (response: HttpResponse, masker: Masker): HttpResponse => {
  if (response.status >= 200 && response.status <= 299) return response
  const headers = maskHeaders(response.headers, masker)
  return response.kind === 'text' ? { ...response, headers, text: masker.mask(response.text) } : { ...response, headers }
}

/**
 * Hides the secrets of this connection in every answer that is no success, headers included, before anyone reads it: what a server says of a request may repeat
 * all of it. Answers of 200 to 299 are data, and stay as they came. Learns what requests carry as credentials.
 */
export const maskAnswers =
  (masker: Masker): Middleware =>
  (next) =>
  (request) =>
  async () => {
    addRequestSecrets(masker, { headers: request.headers, json: request.body?.kind === 'json' ? request.body.value : null })
    const answer = await next(request)()
    return E.isLeft(answer) ? answer : E.right(maskAnswer(answer.right, masker))
  }
