import { findJsonExcess } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpFailure } from './failure.ts'
import type { HttpClient, HttpRequest, HttpResponse, TextResponse } from './port.ts'

/** Asks for text, and says so in the type. */
export const sendForText =
  (client: HttpClient) =>
  (request: Omit<HttpRequest, 'responseKind'>): TE.TaskEither<HttpFailure, TextResponse> =>
    pipe(
      client({ ...request, responseKind: 'text' }),
      TE.filterOrElse(
        (response: HttpResponse): response is TextResponse => response.kind === 'text',
        (): HttpFailure => ({ _tag: 'BadBody', what: 'the answer came as a stream' }),
      ),
    )

/** The JSON of an answer, whatever its content type says. What is no JSON, or more than imago parses, is `BadBody`; its text is not repeated. */
export const parseJsonBody = ({ text, headers }: TextResponse): E.Either<HttpFailure, unknown> => {
  const excess = findJsonExcess(text)
  if (excess !== null) return E.left({ _tag: 'BadBody', what: `the answer ${excess}` })
  return E.tryCatch(
    () => JSON.parse(text) as unknown,
    (): HttpFailure => ({
      _tag: 'BadBody',
      what:
        text.trim() === ''
          ? 'the answer is empty'
          : `the answer is no JSON (${headers.get('content-type') ?? 'of no stated type'})`,
    }),
  )
}
