import { findJsonExcess } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpFailure } from './failure.ts'
import type { HttpClient, HttpRequest, HttpResponse, TextResponse } from './port.ts'

/** Sends a request for a text response. */
export const sendForText =
  (client: HttpClient) =>
  (request: Omit<HttpRequest, 'responseKind'>): TE.TaskEither<HttpFailure, TextResponse> =>
    pipe(
      client({ ...request, responseKind: 'text' }),
      TE.filterOrElse(
        (response: HttpResponse): response is TextResponse => response.kind === 'text',
        (): HttpFailure => ({ _tag: 'BadBody', what: 'the response is a stream' }),
      ),
    )

/** Parses a response as JSON, regardless of its content type. `BadBody`: invalid or too large. The error does not contain the text. */
export const parseJsonBody = ({ text, headers }: TextResponse): E.Either<HttpFailure, unknown> => {
  const excess = findJsonExcess(text)
  if (excess !== null) return E.left({ _tag: 'BadBody', what: `the response ${excess}` })
  return E.tryCatch(
    () => JSON.parse(text) as unknown,
    (): HttpFailure => ({
      _tag: 'BadBody',
      what:
        text.trim() === ''
          ? 'the response is empty'
          : `the response is not valid JSON (content type: ${headers.get('content-type') ?? 'none'})`,
    }),
  )
}
