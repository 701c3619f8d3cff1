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
  textField,
  readText,
} from '../body.ts'
import { errorBody } from '../glance/error-body.ts'
import { isGlanceRefusal, unauthenticated } from '../glance/refusal.ts'
import { settle, type GlanceState } from '../glance/state.ts'
import { toHexId } from '../ids.ts'
import { inSeconds } from '../instants.ts'
import { getProject, type Token, type Tokens } from '../keystone/tokens.ts'
import { flavorOfServer, isFlavor, presentFlavor } from './flavor.ts'
import { MAXIMUM, parseMicroversion, MINIMUM } from './microversion.ts'
import { isNovaRefusal, refuse } from './refusal.ts'
import type { Server, Servers } from './server.ts'
import { shelve, unshelve } from './shelve.ts'
import { takeSnapshot } from './snapshot.ts'

export interface Nova {
  readonly servers: Servers
  readonly glance: GlanceState
  readonly tokens: Tokens
  readonly identity: string
  /** The path of the region's Glance on the same origin. */
  readonly image: string
  /** Milliseconds until a snapshot is active. */
  readonly snapshotMs: number
}

/** The maximum page size. nova: api.max_limit. */
const MAX_LIMIT = 1000

/** The microversion in which `image_id` in the body replaced `Location`. */
const IMAGE_ID_SINCE = 45

const json = (reply: FastifyReply, body: unknown, status = 200): FastifyReply =>
  reply.code(status).type('application/json').send(JSON.stringify(body))

const version = (root: string): unknown => ({
  id: 'v2.1',
  status: 'CURRENT',
  version: MAXIMUM,
  min_version: MINIMUM,
  updated: '2013-07-23T11:33:21Z',
  links: [{ rel: 'self', href: `${root}/v2.1/` }],
})

const stub = (root: string, { id, name }: Server): Readonly<Record<string, unknown>> => ({
  id,
  name,
  links: [{ rel: 'self', href: `${root}/v2.1/servers/${id}` }],
})

const VM_STATES: Readonly<Record<Server['status'], string>> = {
  ACTIVE: 'active',
  SHUTOFF: 'stopped',
  BUILD: 'building',
  SHELVED_OFFLOADED: 'shelved_offloaded',
  ERROR: 'error',
}

/** nova: nova/api/openstack/compute/views/servers.py, _progress_statuses. */
const HAVE_PROGRESS: ReadonlySet<string> = new Set([
  'ACTIVE',
  'BUILD',
  'REBUILD',
  'RESIZE',
  'VERIFY_RESIZE',
  'MIGRATING',
])

const presentServer = (root: string, server: Server, minor: number): unknown => ({
  ...stub(root, server),
  status: server.status,
  tenant_id: server.project,
  user_id: '',
  metadata: server.metadata,
  hostId:
    server.status === 'SHELVED_OFFLOADED' ? '' : `${toHexId(`host/${server.project}`)}${toHexId('host')}`.slice(0, 56),
  image:
    server.imageId === null
      ? ''
      : { id: server.imageId, links: [{ rel: 'bookmark', href: `${root}/images/${server.imageId}` }] },
  flavor: flavorOfServer(root, minor),
  created: inSeconds(server.createdAt),
  updated: inSeconds(server.createdAt),
  addresses: {},
  accessIPv4: '',
  accessIPv6: '',
  'OS-DCF:diskConfig': 'MANUAL',
  ...(HAVE_PROGRESS.has(server.status) ? { progress: 0 } : {}),
  'OS-SRV-USG:launched_at': server.status === 'BUILD' ? null : `${inSeconds(server.createdAt).slice(0, -1)}.000000`,
  'OS-SRV-USG:terminated_at': null,
  'OS-EXT-AZ:availability_zone': server.status === 'SHELVED_OFFLOADED' ? '' : 'nova',
  config_drive: '',
  key_name: null,
  'OS-EXT-STS:vm_state': VM_STATES[server.status],
  'OS-EXT-STS:task_state': server.task,
  'OS-EXT-STS:power_state': server.status === 'ACTIVE' ? 1 : 4,
  'os-extended-volumes:volumes_attached': server.volumeId === null ? [] : [{ id: server.volumeId }],
  ...(server.fault === null
    ? {}
    : { fault: { code: 500, created: inSeconds(server.createdAt), message: server.fault } }),
})

/** The part of Nova that creates and uses images: servers and their flavor, `createImage`, `shelve` and `unshelve`. */
export const novaRoutes =
  ({ servers, glance, tokens, identity, image, snapshotMs }: Nova, prefix: string) =>
  (app: FastifyInstance): void => {
    streamBodies(app)
    bareJsonType(app)
    const root = (request: FastifyRequest): string => `${getOrigin(request)}${prefix}`

    const authenticated = (
      request: FastifyRequest,
      reply: FastifyReply,
    ): { readonly token: Token; readonly minor: number } => {
      settle(glance)
      const token = tokens.find(getHeader(request, 'x-auth-token'))
      if (token === null) throw unauthenticated(`${getOrigin(request)}${identity}`)
      const minor = parseMicroversion(
        getHeader(request, 'openstack-api-version'),
        getHeader(request, 'x-openstack-nova-api-version'),
      )
      void reply.headers({
        'openstack-api-version': `compute 2.${minor}`,
        'x-openstack-nova-api-version': `2.${minor}`,
        'x-openstack-request-id': glance.ids.requestId(),
        vary: 'OpenStack-API-Version, X-OpenStack-Nova-API-Version',
      })
      return { token, minor }
    }
    const mine = (token: Token): readonly Server[] =>
      [...servers.values()].filter(({ project }) => project === getProject(token)?.id)
    const findServer = (request: FastifyRequest, token: Token): Server => {
      const { id } = request.params as { readonly id: string }
      const server = (token.roles.includes('admin') ? [...servers.values()] : mine(token)).find(
        (each) => each.id === id,
      )
      if (server === undefined) throw refuse(404, `Instance ${id} could not be found.`)
      return server
    }
    const listed = (
      request: FastifyRequest,
      token: Token,
      present: (server: Server) => unknown,
    ): Readonly<Record<string, unknown>> => {
      const query = new Map(parseQuery(request))
      if (query.has('all_tenants') && !token.roles.includes('admin'))
        throw refuse(403, "Policy doesn't allow os_compute_api:servers:detail:get_all_tenants to be performed.")
      const all = query.has('all_tenants') ? [...servers.values()] : mine(token)
      // In Nova, `name` is a regular expression.
      const name = new RegExp(query.get('name') ?? '')
      const wanted = all.filter(
        (server) =>
          name.test(server.name) &&
          (query.get('status') ?? server.status).toUpperCase() === server.status &&
          (query.get('image') ?? server.imageId) === server.imageId,
      )
      const marker = query.get('marker')
      const from = marker === undefined ? 0 : wanted.findIndex(({ id }) => id === marker) + 1
      const limit = Number(query.get('limit') ?? MAX_LIMIT)
      const page = wanted.slice(from, from + limit)
      const last = page.at(-1)
      const path = request.url.slice(prefix.length).split('?')[0]
      // A full page has a link, even if nothing follows.
      const links =
        last === undefined || page.length < limit
          ? {}
          : { servers_links: [{ rel: 'next', href: `${root(request)}${path}?limit=${limit}&marker=${last.id}` }] }
      return { servers: page.map(present), ...links }
    }

    app.setErrorHandler((error, request, reply) => {
      if (isGlanceRefusal(error)) {
        const { contentType, body } = errorBody(error, getHeader(request, 'accept'))
        return reply.code(error.status).headers(error.headers).type(contentType).send(body)
      }
      if (!isNovaRefusal(error)) throw error
      return json(reply, { [error.nova]: { code: error.status, message: error.text } }, error.status)
    })
    app.setNotFoundHandler(() => {
      throw refuse(404, 'The resource could not be found.')
    })

    app.get('/', (request, reply) => json(reply, { versions: [version(root(request))] }))
    for (const url of ['/v2.1', '/v2.1/'])
      app.get(url, (request, reply) => json(reply, { version: version(root(request)) }))

    app.get('/v2.1/servers', (request, reply) => {
      const { token } = authenticated(request, reply)
      return json(
        reply,
        listed(request, token, (server) => stub(root(request), server)),
      )
    })
    app.get('/v2.1/servers/detail', (request, reply) => {
      const { token, minor } = authenticated(request, reply)
      return json(
        reply,
        listed(request, token, (server) => presentServer(root(request), server, minor)),
      )
    })
    app.get('/v2.1/servers/:id', (request, reply) => {
      const { token, minor } = authenticated(request, reply)
      return json(reply, { server: presentServer(root(request), findServer(request, token), minor) })
    })
    for (const url of ['/v2.1/flavors', '/v2.1/flavors/detail'])
      app.get(url, (request, reply) => {
        authenticated(request, reply)
        return json(reply, { flavors: [presentFlavor(root(request))] })
      })
    app.get('/v2.1/flavors/:id', (request, reply) => {
      authenticated(request, reply)
      const { id } = request.params as { readonly id: string }
      if (!isFlavor(id)) throw refuse(404, `Flavor ${id} could not be found.`)
      return json(reply, { flavor: presentFlavor(root(request)) })
    })
    app.post('/v2.1/servers/:id/action', { bodyLimit: NO_LIMIT }, async (request, reply) => {
      const { token, minor } = authenticated(request, reply)
      const text = await readText(request)
      const body = text === '' ? null : (JSON.parse(text) as unknown)
      const server = findServer(request, token)
      if (isObject(body) && (Object.hasOwn(body, 'shelve') || Object.hasOwn(body, 'unshelve'))) {
        if (!token.roles.includes('member'))
          throw refuse(403, "Policy doesn't allow os_compute_api:os-shelve:shelve to be performed.")
        if (Object.hasOwn(body, 'shelve')) shelve(servers, glance, token, server, snapshotMs)
        else unshelve(servers, glance, server)
        return reply.code(202).send()
      }
      const action = getFieldValue(body, 'createImage')
      if (!isObject(action)) throw refuse(400, 'Unknown action (simulated: createImage, shelve, unshelve)')
      const name = textField(action, 'name')
      if (name === undefined || name === '')
        throw refuse(400, "Invalid input for field/attribute createImage. 'name' is a required property")
      if (!token.roles.includes('member'))
        throw refuse(403, "Policy doesn't allow os_compute_api:servers:create_image to be performed.")
      if (server.status === 'BUILD')
        throw refuse(409, `Cannot 'createImage' instance ${server.id} while it is in vm_state building`)
      const metadata = isObject(action['metadata'])
        ? Object.fromEntries(Object.entries(action['metadata']).map(([key, value]) => [key, String(value)]))
        : {}
      const { id } = takeSnapshot(glance, token, server, { name, metadata }, snapshotMs)
      if (minor >= IMAGE_ID_SINCE) return json(reply, { image_id: id }, 202)
      return reply
        .code(202)
        .header('location', `${getOrigin(request)}${image}//images/${id}`)
        .send()
    })
  }
