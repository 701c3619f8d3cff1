import type { JsonObject } from '../../json.ts'
import { NEW_IMAGE, type StoredImage } from './image.ts'
import { notAuthorized, refuse, accessDenied } from './refusal.ts'
import { requireMember, type Caller } from './policy.ts'
import type { GlanceState } from './state.ts'
import { refuseOverLimit } from './limits.ts'
import {
  isBase,
  refuseDisallowed,
  refuseFourBytes,
  refuseOutOfRange,
  refuseReadOnlyAtCreation,
  validateImage,
} from './validate.ts'

const RESERVED: ReadonlySet<string> = new Set(['location', 'deleted', 'deleted_at'])

const isReserved = (key: string): boolean => RESERVED.has(key) || key.startsWith('os_glance')

/** For a change; for a new image, Glance puts the reason elsewhere. */
export const refuseReserved = (key: string): void => {
  if (isReserved(key)) throw refuse(403, `Attribute '${key}' is reserved.`)
}

const MAXIMAL_NAME = 255

const refuseProperty = (key: string): void => {
  if ([...key].length > MAXIMAL_NAME) throw refuse(400, 'Custom property should not be greater than 255 characters.')
  if (isReserved(key)) throw accessDenied(`Attribute '${key}' is reserved.`)
}

export const refuseTooMany = (what: 'tags' | 'properties', attempted: number, maximum: number): void => {
  if (attempted > maximum)
    throw refuse(
      413,
      `The limit has been exceeded on the number of allowed image ${what}. Attempted: ${attempted}, Maximum: ${maximum}`,
    )
}

/** Python's set of tags: without duplicates, in no defined order. */
export const tagSet = (tags: readonly string[]): readonly string[] => [...new Set(tags)]

const refuseOverImages = (state: GlanceState, project: string | null): void => {
  const { images: limit } = state.quotas
  const current = [...state.images.values()].filter(({ owner }) => owner === project).length
  if (limit !== null) refuseOverLimit(project, 'image_count_total', { limit, current, delta: 1 })
}

/** The fields with the same name and type in requests and in the state. */
type Writable = Pick<
  StoredImage,
  | 'name'
  | 'visibility'
  | 'protected'
  | 'os_hidden'
  | 'owner'
  | 'disk_format'
  | 'container_format'
  | 'min_disk'
  | 'min_ram'
>

const WRITABLE = [
  'name',
  'visibility',
  'protected',
  'os_hidden',
  'owner',
  'disk_format',
  'container_format',
  'min_disk',
  'min_ram',
] as const

const writtenBy = (body: JsonObject): Partial<Writable> =>
  Object.fromEntries(WRITABLE.filter((key) => Object.hasOwn(body, key)).map((key) => [key, body[key]]))

/** Not base properties of a new image: Glance stores the given values, but shows its own. */
const HASHES: ReadonlySet<string> = new Set(['os_hash_algo', 'os_hash_value'])

/** POST /v2/images */
export const createImage = (state: GlanceState, caller: Caller, body: JsonObject): StoredImage => {
  refuseDisallowed(body)
  validateImage(state.schema, body)
  const extra = Object.entries(body).filter(([key]) => !isBase(key) || HASHES.has(key)) as (readonly [string, string])[]
  for (const [key] of extra) refuseProperty(key)
  requireMember(caller, 'add_image')
  const tags = tagSet((body['tags'] as readonly string[] | undefined) ?? [])
  refuseTooMany('tags', tags.length, state.quotas.tags)
  const written = writtenBy(body)
  if (written.visibility === 'public' && !caller.isAdmin) throw notAuthorized('publicize_image')
  if (written.owner !== undefined && written.owner !== caller.project && !caller.isAdmin) {
    throw accessDenied(`You are not permitted to create images owned by '${written.owner ?? 'None'}'`)
  }
  refuseReadOnlyAtCreation(body)
  if (Object.hasOwn(body, 'locations')) throw refuse(403, "Attribute 'locations' is reserved.")
  refuseOutOfRange(body)
  for (const [key, value] of Object.entries(body)) refuseFourBytes(key, value)
  refuseTooMany('properties', extra.length, state.quotas.properties)
  const id = (body['id'] as string | undefined) ?? state.ids.uuid()
  if (state.images.has(id) || state.deleted.has(id)) throw refuse(409, `Image ID ${id} already exists!`)
  refuseOverImages(state, caller.project)
  const now = state.now()
  const image: StoredImage = {
    ...NEW_IMAGE,
    owner: caller.project,
    ...written,
    id,
    tags,
    properties: new Map(extra),
    createdAt: now,
    updatedAt: now,
  }
  state.images.set(id, image)
  return image
}
