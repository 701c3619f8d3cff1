import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isObject } from '../../json.ts'
import {
  bareJsonType,
  getFieldValue,
  getHeader,
  NO_LIMIT,
  getOrigin,
  parseQuery,
  streamBodies,
  readText,
} from '../body.ts'
import type { Ids } from '../ids.ts'
import { check, violationText } from '../json-schema.ts'
import { authenticate, type Identity } from './authenticate.ts'
import type { CatalogService } from './catalog.ts'
import type { Directory, RoleName } from './directory.ts'
import { LOGIN_SCHEMA } from './login-schema.ts'
import { presentProject, presentToken, presentUser, presentVersion } from './present.ts'
import type { Receipts } from './receipts.ts'
import {
  badRequest,
  expecting,
  forbidden,
  isKeystoneRefusal,
  NOT_JSON,
  notFound,
  unauthorized,
  unknownToken,
} from './refusal.ts'
import { refuseVagueScope, resolveScope } from './scope.ts'
import { getProject, type Token, type Tokens } from './tokens.ts'

export interface Keystone {
  readonly directory: Directory
  readonly tokens: Tokens
  readonly receipts: Receipts
  readonly ids: Ids
  /** Returns the catalog, for clients that reached this server at `origin`. */
  readonly catalog: (origin: string) => readonly CatalogService[]
}

const NO_ROUTE = `<!doctype html>
<html lang=en>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>
`

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const refuseMisshapen = (auth: unknown): void => {
  const violation = check(LOGIN_SCHEMA, auth)
  if (violation === null) return
  const where = violation.path.length === 0 ? '' : `Invalid input for field '${violation.path.join('/')}': `
  throw badRequest(`${where}${violationText(violation)}`)
}

const readJson = async (request: FastifyRequest): Promise<unknown> => {
  const text = await readText(request)
  if (text === '') return {}
  const type = getHeader(request, 'content-type')?.split(';')[0]?.trim()
  if (type !== 'application/json') throw expecting('application/json', 'Content-Type header')
  const body = parsed(text)
  if (!isObject(body)) throw badRequest(NOT_JSON)
  return body
}

/** The part of Keystone v3 that clients of the image service need: login, projects and users. */
export const keystoneRoutes =
  ({ directory, tokens, receipts, ids, catalog }: Keystone, prefix: string) =>
  (app: FastifyInstance): void => {
    streamBodies(app)
    bareJsonType(app)
    const root = (request: FastifyRequest): string => `${getOrigin(request)}${prefix}/v3`

    app.addHook('onRequest', async (_request, reply) => {
      void reply.headers({ vary: 'X-Auth-Token', 'x-openstack-request-id': ids.requestId() })
    })
    app.setErrorHandler((error, request, reply) => {
      if (!isKeystoneRefusal(error)) throw error
      if (error.status === 401) void reply.header('www-authenticate', `Keystone uri="${root(request)}"`)
      void reply.code(error.status).headers(error.headers).type('application/json').send(JSON.stringify(error.body))
    })
    app.setNotFoundHandler((_request, reply) => {
      void reply.code(404).type('text/html; charset=utf-8').send(NO_ROUTE)
    })

    const json = (reply: FastifyReply, body: unknown, status = 200): FastifyReply =>
      reply.code(status).type('application/json').send(JSON.stringify(body))

    const caller = (request: FastifyRequest): Token => {
      const token = tokens.find(getHeader(request, 'x-auth-token'))
      if (token === null) throw unauthorized()
      return token
    }
    const withRole = (request: FastifyRequest, role: RoleName, policy: string): Token => {
      const token = caller(request)
      if (!token.roles.includes(role)) throw forbidden(policy)
      return token
    }
    const printed = (request: FastifyRequest, reply: FastifyReply, token: Token, status: number): FastifyReply => {
      const bare = parseQuery(request).some(([name]) => name === 'nocatalog')
      void reply.header('x-subject-token', token.id)
      return json(reply, presentToken(directory, token, bare ? null : catalog(getOrigin(request))), status)
    }
    const issue = (identity: Identity, scope: unknown): Token =>
      tokens.issue({
        ...resolveScope(directory, scope, identity),
        methods: identity.methods,
        user: identity.user,
        applicationCredential: identity.applicationCredential,
        parent: identity.token,
      })

    const versions = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
      json(
        reply.header('location', `${root(request)}/`),
        { versions: { values: [presentVersion(root(request))] } },
        300,
      )
    const version = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
      json(reply, { version: presentVersion(root(request)) })
    app.get('/', versions)
    app.get('/v3', version)
    app.get('/v3/', version)

    app.post('/v3/auth/tokens', { bodyLimit: NO_LIMIT }, async (request, reply) => {
      const auth = getFieldValue(await readJson(request), 'auth')
      if (auth === undefined || auth === null) throw expecting('auth', 'request body')
      refuseMisshapen(auth)
      refuseVagueScope(getFieldValue(auth, 'scope'))
      const proved = authenticate(directory, tokens, getFieldValue(auth, 'identity'))
      const identity = receipts.complete(proved, getHeader(request, 'openstack-auth-receipt'))
      return printed(request, reply, issue(identity, getFieldValue(auth, 'scope')), 201)
    })

    const subject = (request: FastifyRequest): Token => {
      const asking = caller(request)
      const id = getHeader(request, 'x-subject-token')
      const token = tokens.find(id)
      if (id === undefined) throw forbidden('identity:validate_token')
      if (id === '') throw notFound('No token in the request')
      if (token === null) throw unknownToken()
      if (token.user.id !== asking.user.id && !asking.roles.includes('admin'))
        throw forbidden('identity:validate_token')
      return token
    }
    app.get('/v3/auth/tokens', { exposeHeadRoute: true }, (request, reply) =>
      printed(request, reply, subject(request), 200),
    )
    app.delete('/v3/auth/tokens', (request, reply) => {
      tokens.revoke(subject(request).id)
      return reply.code(204).send()
    })

    const federated = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const { provider, protocol } = request.params as { readonly provider: string; readonly protocol: string }
      const [scheme, bearer] = (getHeader(request, 'authorization') ?? '').split(' ')
      const user = directory.users.find(
        ({ federation }) =>
          federation?.identityProvider === provider &&
          federation.protocol === protocol &&
          federation.accessToken === bearer,
      )
      if (user === undefined || scheme?.toLowerCase() !== 'bearer') throw unauthorized()
      const identity: Identity = { user, methods: [protocol], applicationCredential: null, token: null }
      return printed(request, reply, issue(identity, 'unscoped'), 201)
    }
    app.get('/v3/OS-FEDERATION/identity_providers/:provider/protocols/:protocol/auth', federated)
    app.post(
      '/v3/OS-FEDERATION/identity_providers/:provider/protocols/:protocol/auth',
      { bodyLimit: NO_LIMIT },
      federated,
    )

    const listed = (
      request: FastifyRequest,
      key: string,
      items: readonly unknown[],
    ): Readonly<Record<string, unknown>> => ({
      [key]: items,
      links: { next: null, self: `${getOrigin(request)}${request.url}`, previous: null },
    })
    const filtered = <A extends { readonly name: string }>(
      request: FastifyRequest,
      items: readonly A[],
    ): readonly A[] => {
      const name = parseQuery(request).find(([key]) => key === 'name')?.[1]
      return name === undefined ? items : items.filter((item) => item.name === name)
    }

    app.get('/v3/auth/catalog', (request, reply) => {
      const token = caller(request)
      if (token.scope.kind === 'unscoped') throw forbidden('identity:get_auth_catalog')
      return json(reply, { catalog: catalog(getOrigin(request)), links: { self: `${root(request)}/auth/catalog` } })
    })
    app.get('/v3/auth/projects', (request, reply) => {
      const { user } = caller(request)
      const projects = directory.projects.filter(({ id }) => user.projects[id] !== undefined)
      return json(
        reply,
        listed(
          request,
          'projects',
          projects.map((project) => presentProject(root(request), project)),
        ),
      )
    })
    app.get('/v3/auth/domains', (request, reply) => {
      const { user } = caller(request)
      const domains = directory.domains.filter(({ id }) => user.domains[id] !== undefined)
      return json(
        reply,
        listed(
          request,
          'domains',
          domains.map((domain) => ({ ...domain, enabled: true, description: '', tags: [] })),
        ),
      )
    })
    app.get('/v3/auth/system', (request, reply) => {
      const { user } = caller(request)
      return json(reply, {
        system: user.system === null ? [] : [{ all: true }],
        links: { self: `${getOrigin(request)}${request.url}` },
      })
    })

    app.get('/v3/projects', (request, reply) => {
      withRole(request, 'admin', 'identity:list_projects')
      return json(
        reply,
        listed(
          request,
          'projects',
          filtered(request, directory.projects).map((project) => presentProject(root(request), project)),
        ),
      )
    })
    app.get('/v3/projects/:id', (request, reply) => {
      const token = caller(request)
      const { id } = request.params as { readonly id: string }
      const project = directory.projects.find((each) => each.id === id)
      if (!token.roles.includes('admin') && getProject(token)?.id !== id) throw forbidden('identity:get_project')
      if (project === undefined) throw notFound(`Could not find project: ${id}.`)
      return json(reply, { project: presentProject(root(request), project) })
    })
    app.get('/v3/users', (request, reply) => {
      withRole(request, 'admin', 'identity:list_users')
      return json(
        reply,
        listed(
          request,
          'users',
          filtered(request, directory.users).map((user) => presentUser(root(request), user)),
        ),
      )
    })
    app.get('/v3/users/:id', (request, reply) => {
      const token = caller(request)
      const { id } = request.params as { readonly id: string }
      const user = directory.users.find((each) => each.id === id)
      if (!token.roles.includes('admin') && token.user.id !== id) throw forbidden('identity:get_user')
      if (user === undefined) throw notFound(`Could not find user: ${id}.`)
      return json(reply, { user: presentUser(root(request), user) })
    })
  }
