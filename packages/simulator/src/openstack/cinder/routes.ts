import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bareJsonType, getHeader, getOrigin, parseQuery, streamBodies } from '../body.ts'
import type { Ids } from '../ids.ts'
import { getProject, type Token, type Tokens } from '../keystone/tokens.ts'
import type { CinderState, Volume, VolumeSnapshot } from './volume.ts'

export interface Cinder {
  readonly state: CinderState
  readonly tokens: Tokens
  readonly ids: Ids
}

/** cinder: cinder/api/openstack/api_version_request.py, of Zed. */
const MAXIMUM = '3.70'

/** The maximum page size. cinder: osapi_max_limit. */
const MAX_LIMIT = 1000

const json = (reply: FastifyReply, body: unknown, status = 200): FastifyReply =>
  reply.code(status).type('application/json').send(JSON.stringify(body))

const versions = (root: string): unknown => ({
  versions: [
    {
      id: 'v3.0',
      status: 'CURRENT',
      version: MAXIMUM,
      min_version: '3.0',
      updated: '2022-08-31T00:00:00Z',
      links: [
        { rel: 'describedby', type: 'text/html', href: 'https://docs.openstack.org/' },
        { rel: 'self', href: `${root}/v3/` },
      ],
      'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.volume+json;version=3' }],
    },
  ],
})

/** Cinder prints microseconds and no time zone. */
const formatInstant = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000`

const createLinks = (root: string, project: string, id: string): unknown => [
  { rel: 'self', href: `${root}/v3/${project}/volumes/${id}` },
  { rel: 'bookmark', href: `${root}/${project}/volumes/${id}` },
]

const presentVolume = (root: string, volume: Volume): unknown => ({
  id: volume.id,
  status: volume.status,
  size: volume.size,
  availability_zone: 'nova',
  created_at: formatInstant(volume.createdAt),
  updated_at: formatInstant(volume.createdAt),
  name: volume.name,
  description: volume.name === '' ? '' : null,
  volume_type: '__DEFAULT__',
  snapshot_id: volume.snapshotId,
  source_volid: null,
  metadata: {},
  links: createLinks(root, volume.project, volume.id),
  user_id: '',
  bootable: volume.image === null && volume.snapshotId === null ? 'false' : 'true',
  encrypted: false,
  replication_status: null,
  consistencygroup_id: null,
  multiattach: false,
  attachments:
    volume.serverId === null
      ? []
      : [
          {
            id: volume.id,
            attachment_id: volume.id,
            volume_id: volume.id,
            server_id: volume.serverId,
            host_name: null,
            device: '/dev/vda',
            attached_at: formatInstant(volume.createdAt),
          },
        ],
  'os-vol-tenant-attr:tenant_id': volume.project,
  ...(volume.image === null
    ? {}
    : {
        volume_image_metadata: {
          signature_verified: 'False',
          image_id: volume.image.id,
          image_name: volume.image.name,
          container_format: 'bare',
          disk_format: 'qcow2',
          min_disk: '0',
          min_ram: '0',
        },
      }),
})

const presentSnapshot = ({ id, name, project, volumeId, size, createdAt }: VolumeSnapshot): unknown => ({
  id,
  created_at: formatInstant(createdAt),
  updated_at: formatInstant(createdAt),
  name,
  description: '',
  volume_id: volumeId,
  status: 'available',
  size,
  metadata: {},
  'os-extended-snapshot-attributes:project_id': project,
  'os-extended-snapshot-attributes:progress': '100%',
})

/** The part of Cinder that concerns images: lists of volumes and snapshots. Paths are accepted with and without the project. */
export const cinderRoutes =
  ({ state, tokens, ids }: Cinder, prefix: string) =>
  (app: FastifyInstance): void => {
    streamBodies(app)
    bareJsonType(app)
    const root = (request: FastifyRequest): string => `${getOrigin(request)}${prefix}`
    const refuse = (reply: FastifyReply, status: number, key: string, message: string): FastifyReply =>
      json(reply, { [key]: { code: status, message } }, status)

    const withToken =
      (respond: (request: FastifyRequest, reply: FastifyReply, token: Token) => unknown) =>
      (request: FastifyRequest, reply: FastifyReply): unknown => {
        void reply.headers({ 'openstack-api-version': `volume ${MAXIMUM}`, 'x-openstack-request-id': ids.requestId() })
        const token = tokens.find(getHeader(request, 'x-auth-token'))
        if (token === null)
          return json(
            reply,
            {
              error: {
                code: 401,
                title: 'Unauthorized',
                message: 'The request you have made requires authentication.',
              },
            },
            401,
          )
        const { project } = request.params as { readonly project?: string }
        return project === undefined || project === getProject(token)?.id
          ? respond(request, reply, token)
          : refuse(reply, 400, 'badRequest', 'Malformed request url')
      }

    /** `all_tenants` is ignored without the role admin. cinder: cinder/api/v3/volumes.py, _get_volumes. */
    const visible = <A extends { readonly id: string; readonly name: string; readonly project: string }>(
      request: FastifyRequest,
      token: Token,
      all: readonly A[],
    ): readonly A[] => {
      const query = new Map(parseQuery(request))
      const isForAll = token.roles.includes('admin') && ['1', 'true', 'True'].includes(query.get('all_tenants') ?? '')
      return all.filter(
        ({ project, name }) => (isForAll || project === getProject(token)?.id) && (query.get('name') ?? name) === name,
      )
    }
    const paged = <A extends { readonly id: string }>(
      request: FastifyRequest,
      key: string,
      all: readonly A[],
      present: (one: A) => unknown,
    ): unknown => {
      const query = new Map(parseQuery(request))
      const marker = query.get('marker')
      const from = marker === undefined ? 0 : all.findIndex(({ id }) => id === marker) + 1
      const limit = Math.min(MAX_LIMIT, Number(query.get('limit') ?? MAX_LIMIT))
      const page = all.slice(from, from + limit)
      const last = page.at(-1)
      const path = request.url.slice(prefix.length).split('?')[0]
      // A full page has a link, even if nothing follows.
      const links =
        last === undefined || page.length < limit
          ? {}
          : {
              [`${key}_links`]: [{ rel: 'next', href: `${root(request)}${path}?limit=${limit}&marker=${last.id}` }],
            }
      return { [key]: page.map(present), ...links }
    }

    app.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'itemNotFound', 'The resource could not be found.'))
    app.get('/', (request, reply) => json(reply, versions(root(request)), 300))
    for (const url of ['/v3', '/v3/']) app.get(url, (request, reply) => json(reply, versions(root(request))))

    for (const base of ['/v3', '/v3/:project']) {
      app.get(
        `${base}/volumes/detail`,
        withToken((request, reply, token) =>
          json(
            reply,
            paged(request, 'volumes', visible(request, token, state.volumes), (one) =>
              presentVolume(root(request), one),
            ),
          ),
        ),
      )
      app.get(
        `${base}/volumes`,
        withToken((request, reply, token) =>
          json(
            reply,
            paged(request, 'volumes', visible(request, token, state.volumes), ({ id, name, project }) => ({
              id,
              name,
              links: createLinks(root(request), project, id),
            })),
          ),
        ),
      )
      app.get(
        `${base}/volumes/:id`,
        withToken((request, reply, token) => {
          const { id } = request.params as { readonly id: string }
          const found = state.volumes.find(
            (one) => one.id === id && (token.roles.includes('admin') || one.project === getProject(token)?.id),
          )
          return found === undefined
            ? refuse(reply, 404, 'itemNotFound', `Volume ${id} could not be found.`)
            : json(reply, { volume: presentVolume(root(request), found) })
        }),
      )
      for (const list of ['snapshots', 'snapshots/detail'])
        app.get(
          `${base}/${list}`,
          withToken((request, reply, token) =>
            json(reply, paged(request, 'snapshots', visible(request, token, state.snapshots), presentSnapshot)),
          ),
        )
    }
  }
