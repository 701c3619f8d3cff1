import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import { isObject } from '../json.ts'

/** Passes every body to its handler as a stream, for any Content-Type: these services check the type themselves, if at all. */
export const streamBodies = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
}

/** Sends JSON without a charset, as these services do: Fastify adds one. */
export const bareJsonType = (app: FastifyInstance): void => {
  app.addHook('onSend', async (_request, reply, payload) => {
    if (reply.getHeader('content-type') === 'application/json; charset=utf-8')
      void reply.header('content-type', 'application/json')
    return payload
  })
}

/** Disables Fastify's limit: only the service's own limit applies. */
export const NO_LIMIT = Number.MAX_SAFE_INTEGER

export const getBody = (request: FastifyRequest): Readable | null =>
  (request.body as Readable | undefined | null) ?? null

export const readText = async (request: FastifyRequest): Promise<string> => {
  const body = getBody(request)
  if (body === null) return ''
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Returns the path below the service's root, with the query. */
export const getPathBelow = (request: FastifyRequest, prefix: string): string => request.url.slice(prefix.length)

export const parseQuery = (request: FastifyRequest): readonly (readonly [string, string])[] => {
  const at = request.url.indexOf('?')
  return at < 0 ? [] : [...new URLSearchParams(request.url.slice(at + 1))]
}

export const getHeader = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** Returns the origin by which the client reached this server, for links. */
export const getOrigin = (request: FastifyRequest): string => `http://${request.headers.host ?? '127.0.0.1'}`

export const getFieldValue = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

export const textField = (value: unknown, name: string): string | undefined => {
  const field = getFieldValue(value, name)
  return typeof field === 'string' ? field : undefined
}
