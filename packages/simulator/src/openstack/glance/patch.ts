import { isObject } from '../../json.ts'
import type { StoredImage } from './image.ts'
import { requireOwner, visibleImage, type Caller } from './policy.ts'
import { conflict, notAuthorized, refuse, unsupportedMediaType } from './refusal.ts'
import { update, type GlanceState } from './state.ts'
import { isBase, refuseFourBytes, refuseReadOnly, validateImage } from './validate.ts'
import { refuseReserved, refuseTooMany, tagSet } from './write.ts'

interface Operation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly key: string
  /** What stands behind the key in the path: only `locations/-` may have it. */
  readonly rest: readonly string[]
  readonly value: unknown
}

const V2_0 = 'application/openstack-images-v2.0-json-patch'
const V2_1 = 'application/openstack-images-v2.1-json-patch'
const OPERATIONS = ['add', 'remove', 'replace'] as const

const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~').trim()

const pointer = (path: unknown): readonly string[] => {
  if (typeof path !== 'string' || !path.startsWith('/')) throw refuse(400, `Pointer \`${String(path)}\` does not start with "/".`)
  if (/\/(?:\/|$)/.test(path)) throw refuse(400, `Pointer \`${path}\` contains adjacent "/".`)
  if (/~(?![01])/.test(path)) throw refuse(400, `Pointer \`${path}\` contains "~" not part of a recognized escape sequence.`)
  return path.slice(1).split('/').map(unescaped)
}

/** The draft that 2.0 followed writes the operation as the key of the path. */
const named = (change: Readonly<Record<string, unknown>>, type: string): { readonly op: unknown; readonly path: unknown } => {
  if (type === V2_1) return { op: change['op'], path: change['path'] }
  const op = OPERATIONS.find((each) => Object.hasOwn(change, each))
  return { op: op ?? Object.keys(change)[0], path: op && change[op] }
}

const parseOperation = (change: unknown, type: string): Operation => {
  if (!isObject(change)) throw refuse(400, 'Operations must be JSON objects.')
  const { op: said, path } = named(change, type)
  const op = OPERATIONS.find((each) => each === said)
  if (op === undefined) throw refuse(400, `Invalid operation: \`${String(said)}\`. It must be one of the following: ${OPERATIONS.join(', ')}.`)
  const [key = '', ...rest] = pointer(path)
  if (op !== 'remove' && !Object.hasOwn(change, 'value')) throw refuse(400, `Operation "${op}" requires a member named "value".`)
  if (rest.length > 0 && key !== 'locations') throw refuse(400, `Invalid JSON pointer for this resource: '/${[key, ...rest].join('/')}'`)
  return { op, key, rest, value: change['value'] }
}

export const parsePatch = (contentType: string | undefined, body: unknown): readonly Operation[] => {
  const type = contentType?.split(';')[0]?.trim() ?? ''
  if (type !== V2_0 && type !== V2_1) throw unsupportedMediaType(type, { 'accept-patch': `${V2_0}, ${V2_1}` })
  if (!Array.isArray(body)) throw refuse(400, 'Request body must be a JSON array of operation objects.')
  const operations = body.map((change) => parseOperation(change, type))
  for (const { op, key, value } of operations) {
    refuseReadOnly(key)
    refuseReserved(key)
    if (op !== 'remove' && key !== 'locations') validateImage({ [key]: value })
    if (op !== 'remove') refuseFourBytes(key, value)
  }
  return operations
}

const FORMATS: ReadonlySet<string> = new Set(['disk_format', 'container_format'])

const changeBase = (caller: Caller, image: StoredImage, { op, key, value }: Operation): StoredImage => {
  if (op === 'remove') throw refuse(403, `Property ${key} may not be removed.`)
  if (key === 'id') throw refuse(403, `Attribute 'id' is read-only.`)
  if (key === 'owner' && !caller.isAdmin) throw refuse(403, "Owner can't be updated by non admin.")
  if (key === 'visibility' && value === 'public' && !caller.isAdmin) throw notAuthorized('publicize_image')
  if (FORMATS.has(key) && image.status !== 'queued' && image.status !== 'importing') throw refuse(403, `Attribute ${key} can be only replaced for a queued image.`)
  return key === 'tags' ? { ...image, tags: tagSet(value as readonly string[]) } : { ...image, [key]: value }
}

const changeProperty = (image: StoredImage, { op, key, value }: Operation): StoredImage => {
  if (op !== 'add' && !image.properties.has(key)) throw conflict(`Property ${key} does not exist.`)
  const properties = new Map(image.properties)
  if (op === 'remove') properties.delete(key)
  else properties.set(key, value as string)
  return { ...image, properties }
}

/** PATCH /v2/images/{id}: all of it, or nothing. */
export const patchImage = (state: GlanceState, caller: Caller, id: string, operations: readonly Operation[]): StoredImage => {
  const image = visibleImage(state, caller, id)
  requireOwner(caller, image, 'modify_image')
  const changed = operations.reduce((so, operation) => {
    if (operation.key === 'locations') throw refuse(403, "It's not allowed to change the locations of an image here.")
    return isBase(operation.key) ? changeBase(caller, so, operation) : changeProperty(so, operation)
  }, image)
  refuseTooMany('tags', changed.tags.length, state.quotas.tags)
  refuseTooMany('properties', changed.properties.size, state.quotas.properties)
  return operations.length === 0 ? image : (update(state, id, changed) ?? image)
}
