import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { apiError, notFound } from '../api-error.ts'
import { DATACENTERS } from '../catalogue/datacenters.ts'
import { ISOS, toWireIso } from '../catalogue/isos.ts'
import { LOCATIONS } from '../catalogue/locations.ts'
import { PRICING } from '../catalogue/pricing.ts'
import { SERVER_TYPES, toWireServerType } from '../catalogue/server-types.ts'
import { parseId, type ApiContext } from '../context.ts'
import { DATACENTERS_REMOVED } from '../era.ts'
import { named, page, sorted } from '../listing.ts'
import { readFlag, readChoices, type Query } from '../query.ts'

interface Catalogue<A> {
  readonly path: string
  readonly one: string
  readonly records: readonly A[]
  readonly toWire: (record: A) => unknown
  readonly filter?: (records: readonly A[], query: Query) => readonly A[]
}

/** Registers list and get of a resource that cannot change. */
const readOnly = <A extends { readonly id: number; readonly name: string | null }>(
  app: FastifyInstance,
  { path, one, records, toWire, filter = (all) => all }: Catalogue<A>,
): void => {
  app.get(`/${path}`, (request: FastifyRequest, reply: FastifyReply) => {
    const query = request.query as Query
    return page(
      request,
      reply,
      path,
      sorted(named(filter(records, query), query), query, { id: ({ id }) => id, name: ({ name }) => name }),
      toWire,
    )
  })
  app.get(`/${path}/:id`, (request) => {
    const id = parseId(request, one.replaceAll('_', ' '))
    const record = records.find((each) => each.id === id)
    if (record === undefined) throw notFound(one.replaceAll('_', ' '), id)
    return { [one]: toWire(record) }
  })
}

export const catalogueRoutes = (app: FastifyInstance, { era }: ApiContext): void => {
  readOnly(app, {
    path: 'server_types',
    one: 'server_type',
    records: SERVER_TYPES,
    toWire: (type) => toWireServerType(type, era),
  })
  readOnly(app, { path: 'locations', one: 'location', records: LOCATIONS, toWire: (location) => location })
  if (era === '2024')
    readOnly(app, { path: 'datacenters', one: 'datacenter', records: DATACENTERS, toWire: (datacenter) => datacenter })
  else {
    for (const path of ['/datacenters', '/datacenters/:id']) {
      app.get(path, () => {
        throw apiError('deprecated_api_endpoint', 'API functionality was removed', {
          announcement: DATACENTERS_REMOVED,
        })
      })
    }
  }
  readOnly(app, {
    path: 'isos',
    one: 'iso',
    records: ISOS,
    toWire: (iso) => toWireIso(iso, era),
    filter: (isos, query) => {
      const architectures = readChoices(query, 'architecture', ['x86', 'arm'])
      const withWildcard = readFlag(query, 'include_architecture_wildcard')
      return isos.filter(
        ({ architecture }) =>
          architectures.length === 0 || (architecture === null ? withWildcard : architectures.includes(architecture)),
      )
    },
  })
  // The simulator has no volumes: at Hetzner, they are never created from an image.
  readOnly<{ readonly id: number; readonly name: string }>(app, {
    path: 'volumes',
    one: 'volume',
    records: [],
    toWire: (volume) => volume,
  })
  app.get('/pricing', () => ({ pricing: PRICING }))
}
