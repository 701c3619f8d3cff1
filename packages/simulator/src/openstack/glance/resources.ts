import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { getStrikes } from '../../faults/request-strikes.ts'
import { getBody, getHeader, getOrigin, parseQuery, readText } from '../body.ts'
import type { Tokens } from '../keystone/tokens.ts'
import { addTag, changeActivity, deleteFromStore, deleteImage, removeTag, latin1 } from './actions.ts'
import { readBytes } from './content.ts'
import { downloadable, stage, upload, type IncomingData } from './data.ts'
import { presentImage, presentMember, type StoredImage } from './image.ts'
import { startImport, type ImportSources } from './import.ts'
import { IMPORT_METHODS } from './import-request.ts'
import { importInfo, storesDetail, storesInfo, usageInfo } from './info.ts'
import { readJson, readJsonObject } from './json-body.ts'
import { listImages } from './list.ts'
import { parsePatch, patchImage } from './patch.ts'
import { isVisible, requireVisibleImage, type Caller } from './policy.ts'
import { parseContentRange, parseRange } from './range.ts'
import { breakdown, noResource, refuse } from './refusal.ts'
import { schemaNamed } from './schemas.ts'
import { addMember, listMembers, getMember, removeMember, setMemberStatus } from './sharing.ts'
import type { GlanceState } from './state.ts'
import { presentImageTask, presentTask } from './task.ts'
import { createTask, listTasks, showTask } from './task-requests.ts'
import { createImage } from './write.ts'

export interface Glance extends ImportSources {
  readonly state: GlanceState
  readonly tokens: Tokens
  /** The path of Keystone on the same origin. */
  readonly identity: string
}

type Handler = (request: FastifyRequest, reply: FastifyReply, caller: Caller) => unknown

type Methods = Partial<Record<HTTPMethods, Handler>>

/** Glance's internal stores, which only the response to a creation names. */
const RESERVED_STORES = ['os_glance_staging_store', 'os_glance_tasks_store']

const parameter = (request: FastifyRequest, name: string): string =>
  (request.params as Readonly<Record<string, string>>)[name] ?? ''

const readId = (request: FastifyRequest): string => latin1(parameter(request, 'id'))

const isDecodable = (url: string): boolean => {
  try {
    decodeURIComponent(url)
    return true
  } catch {
    return false
  }
}

export const json = (reply: FastifyReply, body: unknown, status = 200): FastifyReply =>
  reply.code(status).type('application/json').send(JSON.stringify(body))

const nothing = (reply: FastifyReply, status = 204): FastifyReply =>
  reply.code(status).type('text/html; charset=UTF-8').send()

/** Reads the size of the data from the client's header; `null`: not sent. */
const readSize = (request: FastifyRequest): number | null => {
  const said = getHeader(request, 'x-openstack-image-size') ?? getHeader(request, 'content-length')
  return said !== undefined && /^\d+$/.test(said) ? Number(said) : null
}

const readData = (request: FastifyRequest): IncomingData => ({
  contentType: getHeader(request, 'content-type'),
  store: getHeader(request, 'x-image-meta-store'),
  size: readSize(request),
  body: getBody(request),
  saving: getStrikes(request)
    .map(({ fault }) => fault)
    .find((fault) => fault.kind === 'saving'),
})

export const resources = ({ state, ...sources }: Glance, prefix: string): Readonly<Record<string, Methods>> => {
  const present = (image: StoredImage, { isAdmin }: Caller): unknown =>
    presentImage(image, { showLocations: state.showLocations, isAdmin })
  return {
    '/v2/images': {
      GET: (request, reply, caller) => {
        if (!isDecodable(request.url))
          throw refuse(
            400,
            'Error decoding your request. Either the URL or the request body contained characters that could not be decoded by Glance',
          )
        return json(reply, listImages(state, caller, parseQuery(request)))
      },
      POST: async (request, reply, caller) => {
        const image = createImage(state, caller, await readJsonObject(request))
        void reply.headers({
          location: `${getOrigin(request)}${prefix}/v2/images/${image.id}`,
          'openstack-image-import-methods': IMPORT_METHODS.join(','),
          'openstack-image-store-ids': [...state.stores.map(({ id }) => id), ...RESERVED_STORES].join(','),
        })
        return json(reply, present(image, caller), 201)
      },
    },
    '/v2/images/:id': {
      GET: (request, reply, caller) =>
        json(reply, present(requireVisibleImage(state, caller, readId(request)), caller)),
      PATCH: async (request, reply, caller) => {
        const operations = parsePatch(state.schema, getHeader(request, 'content-type'), await readJson(request))
        return json(reply, present(patchImage(state, caller, readId(request), operations), caller))
      },
      DELETE: (request, reply, caller) => {
        deleteImage(state, caller, readId(request))
        return nothing(reply)
      },
    },
    '/v2/images/:id/file': {
      GET: (request, reply, caller) => {
        const { image, content } = downloadable(state, caller, readId(request))
        if (content === null) {
          // Glance reads the size of missing data, and fails.
          if (getHeader(request, 'range') !== undefined || getHeader(request, 'content-range') !== undefined)
            throw breakdown()
          return reply.code(204).send()
        }
        const range =
          parseRange(getHeader(request, 'range'), content.size) ??
          parseContentRange(getHeader(request, 'content-range'), content.size)
        const { start, end } = range ?? { start: 0, end: content.size }
        void reply.code(range === null ? 200 : 206).headers({
          'content-type': 'application/octet-stream',
          'content-length': String(end - start),
          ...(image.checksum === null ? {} : { 'content-md5': image.checksum }),
          ...(range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${content.size}` }),
        })
        return reply.send(Readable.from(readBytes(content, start, end), { objectMode: false }))
      },
      PUT: async (request, reply, caller) => {
        await upload(state, caller, readId(request), readData(request))
        return nothing(reply)
      },
    },
    '/v2/images/:id/stage': {
      PUT: async (request, reply, caller) => {
        await stage(state, caller, readId(request), readData(request))
        return nothing(reply)
      },
    },
    '/v2/images/:id/import': {
      POST: async (request, reply, caller) => {
        const body = await readJson(request)
        const requestId = String(reply.getHeader('x-openstack-request-id'))
        startImport(
          state,
          caller,
          readId(request),
          { body, store: getHeader(request, 'x-image-meta-store'), requestId },
          sources,
        )
        return nothing(reply, 202)
      },
    },
    '/v2/images/:id/tasks': {
      GET: (request, reply, caller) => {
        const id = readId(request)
        const image = state.images.get(id)
        if (image === undefined || !isVisible(caller, image)) throw noResource()
        return json(reply, {
          tasks: [...state.tasks.values()].filter(({ imageId }) => imageId === id).map(presentImageTask),
        })
      },
    },
    '/v2/images/:id/actions/deactivate': {
      POST: (request, reply, caller) => {
        changeActivity(state, caller, readId(request), 'deactivate')
        return nothing(reply)
      },
    },
    '/v2/images/:id/actions/reactivate': {
      POST: (request, reply, caller) => {
        changeActivity(state, caller, readId(request), 'reactivate')
        return nothing(reply)
      },
    },
    '/v2/images/:id/tags/:tag': {
      PUT: async (request, reply, caller) => {
        if ((await readText(request)) !== '') throw refuse(400, 'A body is not expected with this request.')
        addTag(state, caller, readId(request), latin1(parameter(request, 'tag')))
        return nothing(reply)
      },
      DELETE: (request, reply, caller) => {
        removeTag(state, caller, readId(request), latin1(parameter(request, 'tag')))
        return nothing(reply)
      },
    },
    '/v2/images/:id/members': {
      GET: (request, reply, caller) => {
        const id = readId(request)
        return json(reply, {
          members: listMembers(state, caller, id).map((member) => presentMember(id, member)),
          schema: '/v2/schemas/members',
        })
      },
      POST: async (request, reply, caller) =>
        json(reply, presentMember(readId(request), addMember(state, caller, readId(request), await readJson(request)))),
    },
    '/v2/images/:id/members/:member': {
      GET: (request, reply, caller) =>
        json(
          reply,
          presentMember(readId(request), getMember(state, caller, readId(request), parameter(request, 'member'))),
        ),
      PUT: async (request, reply, caller) =>
        json(
          reply,
          presentMember(
            readId(request),
            setMemberStatus(state, caller, readId(request), parameter(request, 'member'), await readJson(request)),
          ),
        ),
      DELETE: (request, reply, caller) => {
        removeMember(state, caller, readId(request), parameter(request, 'member'))
        return reply.code(204).send()
      },
    },
    '/v2/stores/:store/:id': {
      DELETE: (request, reply, caller) => {
        deleteFromStore(state, caller, parameter(request, 'store'), readId(request))
        return nothing(reply)
      },
    },
    '/v2/tasks': {
      GET: (request, reply, caller) => json(reply, listTasks(state, caller, parseQuery(request))),
      POST: async (request, reply, caller) => {
        const task = createTask(
          state,
          caller,
          await readJson(request),
          String(reply.getHeader('x-openstack-request-id')),
        )
        return json(
          reply.header('location', `${getOrigin(request)}${prefix}/v2/tasks/${task.id}`),
          presentTask(task),
          201,
        )
      },
    },
    '/v2/tasks/:id': { GET: (request, reply, caller) => json(reply, showTask(state, caller, readId(request))) },
    '/v2/info/import': { GET: (_request, reply) => json(reply, importInfo()) },
    '/v2/info/stores': { GET: (_request, reply) => json(reply, storesInfo(state)) },
    '/v2/info/stores/detail': { GET: (_request, reply, caller) => json(reply, storesDetail(state, caller)) },
    '/v2/info/usage': { GET: (_request, reply, caller) => json(reply, usageInfo(state, caller)) },
    '/v2/schemas/:name': {
      GET: (request, reply) => {
        const schema = schemaNamed(parameter(request, 'name'), state.schema)
        if (schema === undefined) throw noResource()
        return json(reply, schema)
      },
    },
  }
}
