import type { Clock } from '../clock.ts'
import { isObject, type JsonObject } from '../json.ts'
import type { FaultTarget } from '../faults/target.ts'
import { codeOfStatus, toWireError } from './api-error.ts'

const LISTS = ['images', 'isos', 'servers', 'ssh_keys', 'actions', 'server_types', 'locations', 'datacenters']

const withNextPage = (body: JsonObject, next: number): JsonObject => {
  const meta = isObject(body['meta']) ? body['meta'] : {}
  const pagination = isObject(meta['pagination']) ? meta['pagination'] : {}
  return {
    ...body,
    meta: { ...meta, pagination: { ...pagination, next_page: next, last_page: null, total_entries: null } },
  }
}

/** Creates records with values, keys and types of a later API, one whose optional fields are all null, and one without ID. */
const oddRecords = (good: JsonObject): readonly unknown[] => [
  { ...good, id: 9_000_001, type: 'template', status: 'verifying', os_flavor: 'haiku', architecture: 'riscv' },
  { ...good, id: 9_000_002, visibility: 'shared', checksum: { sha256: 'e3b0c442' } },
  {
    ...good,
    id: 9_000_003,
    image_size: 'large',
    disk_size: null,
    created: 'yesterday',
    labels: ['a', 'b'],
    protection: true,
  },
  {
    id: 9_000_004,
    ...Object.fromEntries(
      Object.keys(good)
        .filter((key) => key !== 'id')
        .map((key) => [key, null]),
    ),
  },
  Object.fromEntries(Object.entries(good).filter(([key]) => key !== 'id')),
]

export const hetznerFaultTarget = (clock: Clock, expireTokens: () => void): FaultTarget => ({
  errorBody: (status) =>
    toWireError({ code: codeOfStatus(status), message: `simulated: ${codeOfStatus(status)}`, details: null, status }),
  errorHeaders: (status): Readonly<Record<string, string>> =>
    status === 429
      ? {
          'ratelimit-limit': '3600',
          'ratelimit-remaining': '0',
          'ratelimit-reset': String(Math.ceil(clock() / 1000) + 1),
        }
      : {},
  expireTokens,
  recordsKey: (body) => LISTS.find((key) => Array.isArray(body[key])) ?? null,
  oddRecords,
  loop: (body, url) => ({
    body: withNextPage(body, Number(new URL(url, 'http://localhost').searchParams.get('page') ?? '1')),
    headers: {},
  }),
  foreignLink: (body, url, origin) => ({
    body,
    headers: { link: `<${origin}${url}>; rel="next", <${origin}${url}>; rel="last"` },
  }),
})
