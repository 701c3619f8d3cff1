import type { Masker } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { toHeaders, type HttpHeaders } from './headers.ts'
import type { HttpResponse, Middleware } from './port.ts'
import { addRequestSecrets } from './request-secrets.ts'

const maskHeaders = (headers: HttpHeaders, masker: Masker): HttpHeaders =>
  toHeaders(Array.from(headers.entries(), ([name, value]) => [name, masker.mask(value)]))

/** Bounds the time to search for secrets. */
const MAX_ERROR_TEXT_LENGTH = 256 * 1024

const bounded = (text: string): string =>
  text.length > MAX_ERROR_TEXT_LENGTH ? `${text.slice(0, MAX_ERROR_TEXT_LENGTH)}…` : text

const maskResponse = (response: HttpResponse, masker: Masker): HttpResponse => {
  if (response.status >= 200 && response.status <= 299) return response
  const headers = maskHeaders(response.headers, masker)
  return response.kind === 'text'
    ? { ...response, headers, text: masker.mask(bounded(response.text)) }
    : { ...response, headers }
}

/**
 * Masks secrets in the headers and text of error responses, which may repeat the request, and truncates the text at 256 Ki characters. Responses of 200 to 299
 * stay unchanged. Adds the credentials of requests to the masker.
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
    const result = await next(request)()
    return E.isLeft(result) ? result : E.right(maskResponse(result.right, masker))
  }
