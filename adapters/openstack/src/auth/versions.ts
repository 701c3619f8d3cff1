import { toDecoder, Notes } from '@imago/codec'
import { isJsonObject, trimTrailing } from '@imago/core/provider'
import { parseJsonBody, type TextResponse } from '@imago/http'
import { OpenStackVersion } from '@imago/schema-openstack'
import * as E from 'fp-ts/lib/Either.js'

/** An API version that a service offers. */
export interface ApiVersion {
  /** `v2.16` */
  readonly id: string
  /** `CURRENT`, `SUPPORTED`, `stable` …; `null` if unknown. */
  readonly status: string | null
}

/** A version with the path of its link. Scheme and host are dropped: behind a proxy they are often wrong. */
export interface LinkedVersion extends ApiVersion {
  readonly path: string | null
}

const decode = toDecoder(OpenStackVersion)

const readPath = (href: string): string | null => {
  try {
    return trimTrailing(new URL(href, 'http://unknown.invalid').pathname, '/')
  } catch {
    return null
  }
}

/** Keystone, Glance and Nova place the versions differently, and so does a response for a single version (keystoneauth1/discover.py, `get_version_data`). */
const findVersions = (json: unknown): readonly unknown[] => {
  if (!isJsonObject(json)) return []
  const { versions, version } = json
  if (Array.isArray(versions)) return versions
  if (isJsonObject(versions) && Array.isArray(versions['values'])) return versions['values']
  return version === undefined ? [] : [version]
}

/** Reads the versions of a response; `null` if it has no version list. Glance and Keystone answer requests to their root with 300. */
export const readVersions = (response: TextResponse): readonly LinkedVersion[] | null => {
  const json = parseJsonBody(response)
  if ((response.status !== 200 && response.status !== 300) || E.isLeft(json)) return null
  const versions = findVersions(json.right).flatMap((one) => {
    const decoded = decode(one, new Notes())
    if (E.isLeft(decoded) || !decoded.right.id) return []
    const { id, status, links } = decoded.right
    const href = links?.find(({ rel }) => rel === 'self')?.href ?? null
    return [{ id, status: status ?? null, path: href === null ? null : readPath(href) }]
  })
  return versions.length === 0 ? null : versions
}
