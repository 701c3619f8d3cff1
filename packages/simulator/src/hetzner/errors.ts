import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { apiError, isApiError, toWireError, type ApiError } from './api-error.ts'

const toApiError = (error: unknown): ApiError =>
  isApiError(error) ? error : apiError('server_error', error instanceof Error ? error.message : 'unknown error')

/** Sends a buffer, because Fastify adds a charset to JSON strings. */
const send = (reply: FastifyReply, error: ApiError): FastifyReply => {
  const { contentType, body } = toWireError(error)
  return reply.code(error.status).type(contentType).send(Buffer.from(body))
}

/** Converts `/v1/images/:id` to a regular expression for its paths. */
const toPattern = (route: string): RegExp => new RegExp(`^${route.replaceAll(/:[a-z_]+/g, '[^/]+')}$`)

/** Registers error responses in Hetzner's format, a correlation ID on every response, and JSON bodies of any content type. */
export const registerErrorResponses = (app: FastifyInstance): void => {
  const routes = new Map<string, RegExp>()
  app.addHook('onRoute', ({ url }) => void routes.set(url, toPattern(url)))
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('x-correlation-id', randomUUID().replaceAll('-', '').slice(0, 16))
    done()
  })

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, null)
    try {
      done(null, JSON.parse(body as string))
    } catch {
      done(apiError('json_error', 'invalid JSON input'))
    }
  })

  app.setErrorHandler((error, _request, reply) => send(reply, toApiError(error)))

  // Unlike other responses, this one needs no token.
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const isKnown = [...routes.values()].some((pattern) => pattern.test(path))
    return send(
      reply,
      isKnown ? apiError('method_not_allowed', 'method not allowed') : apiError('not_found', 'api route not found'),
    )
  })
}
