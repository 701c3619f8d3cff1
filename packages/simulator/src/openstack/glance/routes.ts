import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { bareJsonType, getHeader, NO_LIMIT, getOrigin, streamBodies } from '../body.ts'
import { errorBody } from './error-body.ts'
import { versions } from './info.ts'
import { toCaller, type Caller } from './policy.ts'
import { isGlanceRefusal, methodNotAllowed, noResource, unauthenticated } from './refusal.ts'
import { settle } from './state.ts'
import { type Glance, json, resources } from './resources.ts'

const ALL: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Routes match the decoded path: a segment with an encoded slash, or an empty one, matches none. */
const isNoRoute = (request: FastifyRequest): boolean =>
  /%2f/i.test(request.url.split('?', 1)[0] ?? '') ||
  Object.values(request.params as Readonly<Record<string, string>>).includes('')

/** Glance v2: images, their data, members, tags, imports, tasks, stores. Without cache and metadata definitions. */
export const glanceRoutes =
  (glance: Glance, prefix: string) =>
  (app: FastifyInstance): void => {
    const { state, tokens, identity } = glance
    streamBodies(app)
    bareJsonType(app)

    const authenticated = (request: FastifyRequest, reply: FastifyReply): Caller => {
      const token = tokens.find(getHeader(request, 'x-auth-token'))
      if (token === null) throw unauthenticated(`${getOrigin(request)}${identity}`)
      void reply.header('x-openstack-request-id', state.ids.requestId())
      settle(state)
      return toCaller(token)
    }

    app.setErrorHandler((error, request, reply) => {
      if (!isGlanceRefusal(error)) throw error
      if (error.isBare === true) return void reply.code(error.status).send()
      const { contentType, body } = errorBody(error, getHeader(request, 'accept'))
      void reply.code(error.status).headers(error.headers).type(contentType).send(body)
    })

    const discovery = (request: FastifyRequest, reply: FastifyReply, status: number): FastifyReply =>
      json(reply, versions(`${getOrigin(request)}${prefix}`), status)

    // Paths without a route: 404 below /v2; any other path is treated as an unknown version.
    app.setNotFoundHandler((request, reply) => {
      const path = (request.url.split('?', 1)[0] ?? '').slice(prefix.length)
      if (!path.startsWith('/v2/')) return discovery(request, reply, 300)
      authenticated(request, reply)
      throw noResource()
    })
    app.get('/versions', (request, reply) => discovery(request, reply, 200))
    app.get('/healthcheck', (_request, reply) => reply.type('text/plain; charset=UTF-8').send())
    app.get('/v2', (request, reply) =>
      reply
        .code(302)
        .headers({
          location: `${getOrigin(request)}${prefix}/v2/`,
          'content-type': 'text/plain; charset=utf8',
          'x-openstack-request-id': state.ids.requestId(),
        })
        .send(),
    )

    for (const [url, methods] of Object.entries(resources(glance, prefix))) {
      const allowed = ALL.filter((method) => methods[method] !== undefined)
      for (const method of ALL) {
        app.route({
          method,
          url,
          bodyLimit: NO_LIMIT,
          exposeHeadRoute: false,
          handler: async (request, reply) => {
            const caller = authenticated(request, reply)
            if (isNoRoute(request)) throw noResource()
            const handle = methods[method]
            if (handle === undefined) throw methodNotAllowed(method, allowed)
            return handle(request, reply, caller)
          },
        })
      }
      app.options(url, (_request, reply) => reply.code(200).send())
    }
  }
