import type { FaultTarget } from '../faults/target.ts'
import { isObject, type JsonObject } from '../json.ts'
import { getTitle } from './glance/refusal.ts'
import { IDENTITY } from './regions.ts'

const LISTS = ['images', 'members', 'tasks', 'projects', 'servers', 'volumes']

/** Creates records with values, keys and types of a later API, one whose optional fields are all null, and one without ID. */
const oddRecords = (good: JsonObject): readonly unknown[] => [
  {
    ...good,
    id: '00000000-0000-4000-a000-000000000001',
    status: 'verifying',
    visibility: 'federated',
    disk_format: 'gpt',
    container_format: 'tar',
  },
  {
    ...good,
    id: '00000000-0000-4000-a000-000000000002',
    os_hash_algo: 'sha3_512',
    os_glance_stage_host: 'http://controller',
    nested: { a: [1] },
  },
  {
    ...good,
    id: '00000000-0000-4000-a000-000000000003',
    size: 'large',
    min_disk: null,
    created_at: 'yesterday',
    tags: 'a,b',
    protected: 'false',
    stores: ['fast'],
  },
  {
    id: '00000000-0000-4000-a000-000000000004',
    ...Object.fromEntries(
      Object.keys(good)
        .filter((key) => key !== 'id')
        .map((key) => [key, null]),
    ),
  },
  Object.fromEntries(Object.entries(good).filter(([key]) => key !== 'id')),
]

/** Glance's links are paths from `/v2` on, independent of the service's root. */
const ownLink = (url: string): string => url.slice(url.indexOf('/v2/'))

/** Glance and Nova use WebOb's JSON here for any `Accept`: faults occur before the services process the request. */
const errorBody = (status: number, url: string): { readonly contentType: string; readonly body: string } => {
  const title = getTitle(status)
  const body = url.startsWith(IDENTITY)
    ? { error: { code: status, message: `simulated: ${title}`, title } }
    : { message: `simulated: ${title}<br /><br />\n\n\n`, code: `${status} ${title}`, title }
  return { contentType: 'application/json', body: JSON.stringify(body) }
}

export const openstackFaultTarget = (expireTokens: () => void): FaultTarget => ({
  errorBody,
  errorHeaders: (status) => (status === 401 ? { 'www-authenticate': `Keystone uri="${IDENTITY}"` } : {}),
  expireTokens,
  recordsKey: (body) => LISTS.find((key) => Array.isArray(body[key])) ?? null,
  oddRecords,
  loop: (body, url) => ({ body: { ...body, next: ownLink(url) }, headers: {} }),
  foreignLink: (body, url, origin) => {
    const images = Array.isArray(body['images']) ? body['images'] : null
    const foreign = (image: unknown): unknown =>
      isObject(image)
        ? {
            ...image,
            self: `${origin}/v2/images/${String(image['id'])}`,
            file: `${origin}/v2/images/${String(image['id'])}/file`,
          }
        : image
    // The real next page, if there is one: a client that uses the correct host misses no image.
    const next = typeof body['next'] === 'string' ? body['next'] : ownLink(url)
    return {
      body: { ...body, next: `${origin}${next}`, ...(images === null ? {} : { images: images.map(foreign) }) },
      headers: {},
    }
  },
})
