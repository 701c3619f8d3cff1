import type { ImageError } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { Credential, AuthToken } from './credential.ts'
import type { HttpFailure } from './failure.ts'
import { isReplayable, type HttpRequest, type HttpResponse, type Middleware } from './port.ts'
import { parseHttpUrl } from './target.ts'
import { readWebPage } from './web-page.ts'

const withGrant = (request: HttpRequest, { headers }: AuthToken): HttpRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
})

const failed = (error: ImageError): E.Either<HttpFailure, never> =>
  E.left(error._tag === 'Aborted' ? { _tag: 'Aborted' } : { _tag: 'LoginFailed', error })

/** A sign-on page does not evaluate the credential, so another does not help. */
const isPage = (response: HttpResponse): boolean => response.kind === 'text' && readWebPage(response) !== null

/**
 * Adds the credential to requests to its own origins only.
 * After a 401, it renews the credential and sends the request once more, if its body can be sent again.
 */
export const auth =
  (credential: Credential): Middleware =>
  (next) =>
  (request) =>
  async () => {
    const target = parseHttpUrl(request.url, 'the URL of the request')
    if (E.isLeft(target) || !credential.belongsTo(target.right.origin)) return next(request)()
    const grant = await credential.token(request.signal)()
    if (E.isLeft(grant)) return failed(grant.left)
    const result = await next(withGrant(request, grant.right))()
    if (
      E.isLeft(result) ||
      result.right.status !== 401 ||
      isPage(result.right) ||
      credential.renew === null ||
      !isReplayable(request)
    )
      return result
    const renewed = await credential.renew(grant.right, request.signal)()
    return E.isLeft(renewed) ? failed(renewed.left) : next(withGrant(request, renewed.right))()
  }
