// @ts-check
// A small server that behaves as DigitalOcean's API does for images, by its OpenAPI document (digitalocean/openapi). It imports nothing of the provider:
// a mistake there must not be here too. In memory, on loopback.
import { createServer } from 'node:http'
import { images as seeds } from './images.mjs'

/**
 * @typedef {Record<string, any>} Json
 * @typedef {object} LocalServerOptions
 * @property {string} [token] May do everything.
 * @property {string} [readToken] Has the scope image:read only.
 * @property {number} [actionPolls] How many requests an action takes until it is complete; default: 2.
 * @property {number} [limit] Requests an hour; default: 5000.
 * @property {readonly Json[]} [images]
 * @property {number} [port] Default: any.
 */

const REGIONS = new Set(['nyc1', 'nyc3', 'ams3', 'sfo3', 'sgp1', 'lon1', 'fra1', 'tor1', 'blr1', 'syd1'])
const TAG = /^[a-zA-Z0-9_\-:]{1,255}$/
const NOW = '2026-11-01T12:00:00Z'

/** An error in the API's form. */
class ApiError extends Error {
  /** @param {number} status @param {string} id @param {string} message */
  constructor(status, id, message) {
    super(message)
    this.status = status
    this.id = id
  }
}

const notFound = () => new ApiError(404, 'not_found', 'The resource you requested could not be found.')
/** @param {string} message */
const unprocessable = (message) => new ApiError(422, 'unprocessable_entity', message)

/** @param {import('node:http').IncomingMessage} request @returns {Promise<Json>} */
const readRequestBody = async (request) => {
  let text = ''
  for await (const chunk of request) text += chunk
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError(400, 'bad_request', 'The request body is not valid JSON.')
  }
}

/** @param {LocalServerOptions} [options] */
export const startLocalServer = async ({
  token = 'dop_v1_local',
  readToken = 'dop_v1_local_read',
  actionPolls = 2,
  limit = 5000,
  images: first = seeds,
  port = 0,
} = {}) => {
  /** @type {Map<number, Json>} */
  const images = new Map(first.map((image) => [image['id'], structuredClone(image)]))
  /** @type {{ action: Json, polls: number, done: () => void }[]} */
  const actions = []
  const tags = new Set(first.flatMap((image) => image['tags']))
  /** @type {{ method: string, path: string, body: Json }[]} */
  const log = []
  let remaining = limit
  let lastId = 200_000_000
  let url = ''

  const nextId = () => (lastId += 1)

  /** @param {Json} image @param {Json} request */
  const act = (image, { type, region }) => {
    if (image['public']) throw new ApiError(403, 'forbidden', 'You do not have access for the attempted action.')
    if (type !== 'transfer' && type !== 'convert')
      throw unprocessable('You specified an invalid action for this image.')
    if (type === 'transfer' && !REGIONS.has(region)) throw unprocessable('Region is not available.')
    if (type === 'transfer' && image['regions'].includes(region))
      throw unprocessable('The image is already available in that region.')
    if (type === 'convert' && image['type'] === 'snapshot') throw unprocessable('The image is a snapshot already.')
    if (actions.some(({ action }) => action['status'] === 'in-progress' && action['resource_id'] === image['id']))
      throw unprocessable('The image has an event in progress.')
    const action = {
      id: nextId(),
      status: 'in-progress',
      type,
      started_at: NOW,
      completed_at: null,
      resource_id: image['id'],
      resource_type: 'image',
      region: null,
      region_slug: region ?? image['regions'][0] ?? null,
    }
    actions.push({
      action,
      polls: 0,
      done: () => void (type === 'transfer' ? image['regions'].push(region) : (image['type'] = 'snapshot')),
    })
    return action
  }

  /** Work goes on while somebody looks. */
  const tick = () => {
    for (const one of actions) {
      if (one.action['status'] !== 'in-progress' || one.polls++ < actionPolls) continue
      Object.assign(one.action, { status: 'completed', completed_at: NOW })
      one.done()
    }
  }

  /** @param {URL} asked @param {string} key @param {readonly Json[]} all */
  const toPage = (asked, key, all) => {
    const page = Number(asked.searchParams.get('page') ?? 1)
    const perPage = Number(asked.searchParams.get('per_page') ?? 20)
    if (!(perPage >= 1 && perPage <= 200 && page >= 1))
      throw new ApiError(400, 'bad_request', 'page or per_page is out of range.')
    const last = Math.max(1, Math.ceil(all.length / perPage))
    /** @param {number} number */
    const link = (number) => {
      const query = new URLSearchParams(asked.searchParams)
      query.set('page', String(number))
      return `${url}${asked.pathname}?${query}`
    }
    const backward = page > 1 ? { first: link(1), prev: link(page - 1) } : {}
    const forward = page < last ? { next: link(page + 1), last: link(last) } : {}
    const pages = { ...backward, ...forward }
    return {
      [key]: all.slice((page - 1) * perPage, page * perPage),
      links: Object.keys(pages).length === 0 ? {} : { pages },
      meta: { total: all.length },
    }
  }

  /** @param {URL} asked */
  const listed = ({ searchParams }) => {
    const [type, isPrivate, tag] = ['type', 'private', 'tag_name'].map((name) => searchParams.get(name))
    return [...images.values()].filter(({ public: isPublic, slug, tags: own }) => {
      if (type === 'distribution') return isPublic && slug.endsWith('-x64')
      if (type === 'application') return isPublic && !slug.endsWith('-x64')
      if (isPrivate === 'true') return !isPublic
      return tag === null || own.includes(tag)
    })
  }

  /** @param {string} identifier */
  const findImage = (identifier) => {
    const image = /^\d+$/.test(identifier)
      ? images.get(Number(identifier))
      : [...images.values()].find(({ slug }) => slug === identifier)
    if (image === undefined) throw notFound()
    return image
  }

  /** @param {string} name @param {Json} body @param {(own: string[]) => string[]} change */
  const retag = (name, { resources }, change) => {
    if (!tags.has(name)) throw notFound()
    for (const { resource_id, resource_type } of resources) {
      if (resource_type !== 'image') throw unprocessable('resource_type is not supported here.')
      const image = findImage(resource_id)
      image['tags'] = change(image['tags'])
    }
    return null
  }

  /**
   * Status and body for a request that may be answered.
   * @param {string} method @param {URL} asked @param {Json} body @returns {[status: number, body: Json | null]}
   */
  const respond = (method, asked, body) => {
    // python-digitalocean asks for `images/`.
    const [version, resource, id, sub, subId] = asked.pathname
      .replace(/\/$/, '')
      .slice(1)
      .split('/')
      .map(decodeURIComponent)
    if (version !== 'v2') throw notFound()
    switch (
      `${method} ${[resource, id === undefined ? '' : 'ID', sub ?? '', subId === undefined ? '' : 'ID'].filter((part) => part !== '').join('/')}`
    ) {
      case 'GET account':
        return [
          200,
          {
            account: {
              droplet_limit: 25,
              floating_ip_limit: 5,
              email: 'sammy@example.com',
              name: 'Sammy',
              uuid: 'b6fr89db',
              email_verified: true,
              status: 'active',
              status_message: '',
              team: { uuid: '5df3e300', name: 'My Team' },
            },
          },
        ]
      case 'GET images':
        return [200, toPage(asked, 'images', listed(asked))]
      case 'POST images': {
        if (typeof body['name'] !== 'string' || typeof body['url'] !== 'string' || !REGIONS.has(body['region']))
          throw unprocessable('name, url and region are required.')
        const image = {
          id: nextId(),
          name: body['name'],
          type: 'custom',
          distribution: body['distribution'] ?? 'Unknown',
          slug: null,
          public: false,
          regions: [body['region']],
          created_at: NOW,
          min_disk_size: 20,
          size_gigabytes: 0.5,
          description: body['description'] ?? '',
          tags: body['tags'] ?? [],
          status: 'available',
          error_message: '',
        }
        for (const tag of image.tags) tags.add(tag)
        images.set(image.id, image)
        return [202, { image }]
      }
      case 'GET images/ID':
        return [200, { image: findImage(id ?? '') }]
      case 'PUT images/ID': {
        const image = findImage(id ?? '')
        if (image['public']) throw new ApiError(403, 'forbidden', 'You do not have access for the attempted action.')
        if (body['name'] === '') throw unprocessable('Name cannot be blank.')
        for (const key of ['name', 'distribution', 'description']) if (body[key] !== undefined) image[key] = body[key]
        return [200, { image }]
      }
      case 'DELETE images/ID': {
        const image = findImage(id ?? '')
        if (image['public']) throw new ApiError(403, 'forbidden', 'You do not have access for the attempted action.')
        images.delete(image['id'])
        return [204, null]
      }
      case 'GET images/ID/actions':
        findImage(id ?? '')
        return [
          200,
          toPage(
            asked,
            'actions',
            actions.map(({ action }) => action).filter(({ resource_id }) => resource_id === Number(id)),
          ),
        ]
      case 'GET images/ID/actions/ID': {
        const found = actions.find(
          ({ action }) => action['id'] === Number(subId) && action['resource_id'] === Number(id),
        )
        if (found === undefined) throw notFound()
        return [200, { action: found.action }]
      }
      case 'POST images/ID/actions':
        return [201, { action: act(findImage(id ?? ''), body) }]
      case 'GET actions/ID': {
        const found = actions.find(({ action }) => action['id'] === Number(id))
        if (found === undefined) throw notFound()
        return [200, { action: found.action }]
      }
      case 'POST tags':
        if (!TAG.test(body['name'] ?? '')) throw unprocessable('Tag name is invalid.')
        tags.add(body['name'])
        return [201, { tag: { name: body['name'], resources: { count: 0 } } }]
      case 'GET tags/ID':
        if (!tags.has(id ?? '')) throw notFound()
        return [200, { tag: { name: id, resources: { count: 0 } } }]
      case 'POST tags/ID/resources':
        return [204, retag(id ?? '', body, (own) => [...new Set([...own, id ?? ''])])]
      case 'DELETE tags/ID/resources':
        return [204, retag(id ?? '', body, (own) => own.filter((tag) => tag !== id))]
      default:
        throw notFound()
    }
  }

  /** @param {import('node:http').IncomingMessage} request @returns {Promise<[number, Json | null]>} */
  const handle = async (request) => {
    const asked = new URL(request.url ?? '/', url)
    const method = request.method ?? 'GET'
    const body = await readRequestBody(request)
    log.push({ method, path: asked.pathname + asked.search, body })
    const given = request.headers.authorization
    if (given !== `Bearer ${token}` && given !== `Bearer ${readToken}`)
      throw new ApiError(401, 'unauthorized', 'Unable to authenticate you')
    if (remaining <= 0) throw new ApiError(429, 'too_many_requests', 'API Rate limit exceeded.')
    remaining -= 1
    tick()
    const isAllowed =
      given === `Bearer ${token}` || (method === 'GET' && /^\/v2\/(?:images|actions)\b/.test(asked.pathname))
    if (!isAllowed) {
      // What does not exist is said first.
      const [, , resource, id = ''] = asked.pathname.split('/')
      if (resource === 'images') findImage(id)
      throw new ApiError(403, 'forbidden', 'You are not authorized to perform this operation')
    }
    return respond(method, asked, body)
  }

  const server = createServer((request, response) => {
    /** @param {number} status @param {Json | null} body */
    const send = (status, body) => {
      const wait = status === 429 ? { 'retry-after': '29' } : {}
      const type = body === null ? {} : { 'content-type': 'application/json; charset=utf-8' }
      response.writeHead(status, {
        'ratelimit-limit': limit,
        'ratelimit-remaining': remaining,
        'ratelimit-reset': Math.floor(Date.now() / 1000) + 3600,
        'x-request-id': `local-${log.length}`,
        ...wait,
        ...type,
      })
      response.end(body === null ? undefined : JSON.stringify(body))
    }
    handle(request).then(
      ([status, body]) => send(status, body),
      (error) =>
        error instanceof ApiError
          ? send(error.status, { id: error.id, message: error.message, request_id: `local-${log.length}` })
          : send(500, { id: 'server_error', message: 'Unexpected server-side error' }),
    )
  })
  await new Promise((resolve) => void server.listen(port, '127.0.0.1', () => resolve(null)))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return {
    url,
    token,
    readToken,
    log,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined))
        server.closeAllConnections()
      }),
  }
}
