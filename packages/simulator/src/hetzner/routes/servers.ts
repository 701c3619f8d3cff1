import type { FastifyInstance } from 'fastify'
import { isObject } from '../../json.ts'
import { apiError, invalidField } from '../api-error.ts'
import {
  flag,
  idOrName,
  labels,
  list,
  need,
  nullable,
  object,
  readBody,
  required,
  text,
  upTo,
  type Body,
} from '../body.ts'
import { serverAt, toWire, type ApiContext } from '../context.ts'
import { named, page, selected, sorted } from '../listing.ts'
import { findDatacenter, findServerImage, findServerType, findSshKeys } from '../requested-resources.ts'
import { change, type Project } from '../project.ts'
import { readChoices, type Query } from '../query.ts'
import { randomText } from '../seeded.ts'
import { copyToServer, dropServer } from '../storage.ts'
import type { StoredServer } from '../server.ts'
import { actionAt, actionPage, concerns } from './action-lists.ts'

const STATUSES = [
  'running',
  'initializing',
  'starting',
  'stopping',
  'off',
  'deleting',
  'migrating',
  'rebuilding',
  'unknown',
] as const

/** The limit of cloud-init user data: 32 KiB. */
export const userData = upTo(32_768, text)

const HOST_NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?)*$/

const refuseName = (project: Project, name: string, except?: number): void => {
  if (!HOST_NAME.test(name)) throw invalidField('name', 'is not a valid hostname')
  const twin = [...project.servers.values()].find((server) => server.name === name && server.id !== except)
  if (twin !== undefined)
    throw apiError('uniqueness_error', 'server name is already used', { fields: [{ name: 'name' }] })
}

const CREATE = {
  name: required(text),
  server_type: required(idOrName),
  image: required(idOrName),
  location: idOrName,
  start_after_create: flag,
  ssh_keys: nullable(list(idOrName)),
  user_data: userData,
  labels: nullable(labels),
  automount: flag,
  public_net: nullable(object),
  // The following are not simulated: only empty lists are valid.
  volumes: nullable(list(idOrName)),
  networks: nullable(list(idOrName)),
  firewalls: nullable(list(object)),
  placement_group: nullable(idOrName),
}

/** Until July 2026, a request could name a data center. */
const CREATE_2024 = { ...CREATE, datacenter: idOrName }

export const serverRoutes = (app: FastifyInstance, context: ApiContext): void => {
  const wire = toWire(context)

  app.get('/servers', (request, reply) => {
    const query = request.query as Query
    const project = context.getProject(request)
    const statuses = readChoices(query, 'status', STATUSES)
    const servers = selected(named([...project.servers.values()], query), query).filter(
      ({ status }) => statuses.length === 0 || statuses.includes(status),
    )
    return page(
      request,
      reply,
      'servers',
      sorted(servers, query, { id: ({ id }) => id, name: ({ name }) => name, created: ({ created }) => created }),
      (server) => wire.server(project, server),
    )
  })

  app.get('/servers/:id', (request) => ({
    server: wire.server(context.getProject(request), serverAt(context, request)),
  }))

  app.post('/servers', (request, reply) => {
    const project = context.getProject(request)
    const body: Body<typeof CREATE_2024> = readBody(request.body, context.era === '2024' ? CREATE_2024 : CREATE)
    const name = need(body.name, 'name')
    refuseName(project, name)
    const type = findServerType(need(body.server_type, 'server_type'))
    const image = findServerImage(context, project, type, need(body.image, 'image'))
    const datacenter = findDatacenter(body.location, body.datacenter)
    const keys = findSshKeys(project, body.ssh_keys ?? [])
    for (const absent of ['volumes', 'networks', 'firewalls'] as const)
      if ((body[absent]?.length ?? 0) > 0) throw invalidField(absent, 'not found')
    const network = isObject(body.public_net) ? body.public_net : {}
    const server: StoredServer = {
      id: project.nextId('server'),
      name,
      status: 'initializing',
      created: context.clock(),
      type,
      datacenter,
      imageId: image.id,
      iso: null,
      hasIpv4: network['enable_ipv4'] !== false,
      hasIpv6: network['enable_ipv6'] !== false,
      rescueUntil: null,
      rescueKeys: [],
      diskSeed: image.diskSeed ?? image.id,
      backupWindow: null,
      protection: { delete: false, rebuild: false },
      labels: body.labels ?? {},
    }
    project.servers.set(server.id, server)
    const isStarted = body.start_after_create ?? true
    const resources = [{ id: server.id, type: 'server' as const }]
    const created = project.begin({
      command: 'create_server',
      resources,
      ...copyToServer(context, image, server.id, type.disk),
      onSuccess: () => change(project.servers, server.id, { status: isStarted ? 'starting' : 'off' }),
      onError: (at) => dropServer(context, project, server.id, at),
    })
    const started = isStarted
      ? [
          project.begin({
            command: 'start_server',
            resources,
            after: created,
            onSuccess: () => change(project.servers, server.id, { status: 'running' }),
          }),
        ]
      : []
    const current = project.servers.get(server.id) ?? server
    return reply.code(201).send({
      server: wire.server(project, current),
      action: wire.action(created),
      next_actions: started.map(wire.action),
      root_password: keys.length > 0 ? null : randomText(project.random, 20),
    })
  })

  app.put('/servers/:id', (request) => {
    const project = context.getProject(request)
    const server = serverAt(context, request)
    const changes = readBody(request.body, { name: text, labels })
    if (changes.name !== undefined) refuseName(project, changes.name, server.id)
    const changed = { ...server, ...changes }
    project.servers.set(server.id, changed)
    return { server: wire.server(project, changed) }
  })

  app.delete('/servers/:id', (request) => {
    const project = context.getProject(request)
    const { id, protection } = serverAt(context, request)
    if (protection.delete) throw apiError('protected', 'server is protected')
    if (project.isLocked(id)) throw apiError('locked', 'server is locked')
    change(project.servers, id, { status: 'deleting' })
    return {
      action: wire.action(
        project.begin({
          command: 'delete_server',
          resources: [{ id, type: 'server' }],
          onSuccess: (at) => dropServer(context, project, id, at),
          onError: () => change(project.servers, id, { status: 'off' }),
        }),
      ),
    }
  })

  app.get('/servers/actions', (request, reply) =>
    actionPage(context, request, reply, [...context.getProject(request).actions.values()].filter(concerns('server'))),
  )
  app.get('/servers/actions/:id', (request) => actionAt(context, request, 'id', concerns('server')))
  app.get('/servers/:id/actions', (request, reply) => {
    const server = serverAt(context, request)
    return actionPage(
      context,
      request,
      reply,
      [...context.getProject(request).actions.values()].filter(concerns('server', server.id)),
    )
  })
  app.get('/servers/:id/actions/:action_id', (request) =>
    actionAt(context, request, 'action_id', concerns('server', serverAt(context, request).id)),
  )
}
