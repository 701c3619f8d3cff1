import { isObject } from '../../json.ts'
import type { StoredImage } from './image.ts'
import { pythonRepr } from './python-repr.ts'
import { requireOwner, requireVisibleImage, type Caller } from './policy.ts'
import { accessDenied, conflict, notAuthorized, refuse, serverError, unsupportedMediaType } from './refusal.ts'
import type { ImageSchema } from './schemas.ts'
import { update, type GlanceState } from './state.ts'
import { isBase, refuseFourBytes, refuseOutOfRange, refuseReadOnly, validateImage } from './validate.ts'
import { refuseReserved, refuseTooMany, tagSet } from './write.ts'

interface Operation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly key: string
  /** The path segments after the key: only `locations/-` may have one. */
  readonly rest: readonly string[]
  readonly value: unknown
  /** The media type of the request: in 2.0, `add` does not replace existing values. */
  readonly version: string
}

const V2_0 = 'application/openstack-images-v2.0-json-patch'
const V2_1 = 'application/openstack-images-v2.1-json-patch'
const OPERATIONS = ['add', 'remove', 'replace'] as const

const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~').trim()

const pointer = (path: unknown): readonly string[] => {
  if (typeof path !== 'string') throw serverError()
  if (!path.startsWith('/')) throw refuse(400, `Pointer \`${path}\` does not start with "/".`)
  if (
    path
      .slice(1)
      .split('/')
      .slice(1, -1)
      .some((part) => part.trim() === '')
  )
    throw refuse(400, `Pointer \`${path}\` contains adjacent "/".`)
  if (path.length > 1 && path.endsWith('/')) throw refuse(400, `Pointer \`${path}\` end with "/".`)
  if (/~(?![01])/.test(path))
    throw refuse(400, `Pointer \`${path}\` contains "~" not part of a recognized escape sequence.`)
  return path.slice(1).split('/').map(unescaped)
}

/** The draft behind 2.0 has the path as the value of the operation's key. */
const named = (
  change: Readonly<Record<string, unknown>>,
  type: string,
): { readonly op: unknown; readonly path: unknown } => {
  if (type === V2_1) return { op: change['op'], path: change['path'] }
  const op = OPERATIONS.find((each) => Object.hasOwn(change, each))
  const isOne = OPERATIONS.filter((each) => Object.hasOwn(change, each)).length === 1
  if (op === undefined)
    throw refuse(400, 'Operation objects must contain exactly one member named "add", "remove", or "replace".')
  if (!isOne) throw refuse(400, 'Operation objects must contain only one member named "add", "remove", or "replace".')
  return { op, path: change[op] }
}

const parseOperation = (change: unknown, type: string): Operation => {
  if (!isObject(change)) throw refuse(400, 'Operations must be JSON objects.')
  const { op: said, path } = named(change, type)
  const op = OPERATIONS.find((each) => each === said)
  if (said === undefined || said === null)
    throw refuse(
      400,
      `Unable to find \`op\` in JSON Schema change. It must be one of the following: ${OPERATIONS.join(', ')}.`,
    )
  if (op === undefined)
    throw refuse(
      400,
      `Invalid operation: \`${typeof said === 'string' ? said : pythonRepr(said)}\`. It must be one of the following: ${OPERATIONS.join(', ')}.`,
    )
  if (path === undefined) throw refuse(400, "Unable to find 'path' in JSON Schema change")
  const [key = '', ...rest] = pointer(path)
  const depth = key === 'locations' && op !== 'replace' ? 1 : 0
  if (rest.length !== depth) throw refuse(400, `Invalid JSON pointer for this resource: '/${[key, ...rest].join('/')}'`)
  if (op !== 'remove' && !Object.hasOwn(change, 'value'))
    throw refuse(400, `Operation "${op}" requires a member named "value".`)
  return { op, key, rest, value: change['value'], version: type }
}

export const parsePatch = (
  schema: ImageSchema,
  contentType: string | undefined,
  body: unknown,
): readonly Operation[] => {
  const type = contentType?.split(';')[0]?.trim() ?? 'text/plain'
  if (type !== V2_0 && type !== V2_1) throw unsupportedMediaType(type, { 'accept-patch': `${V2_0}, ${V2_1}` })
  if (!Array.isArray(body)) throw refuse(400, 'Request body must be a JSON array of operation objects.')
  const operations = body.map((change) => parseOperation(change, type))
  for (const { op, key, rest, value } of operations) {
    refuseReadOnly(key)
    refuseReserved(key)
    if (op !== 'remove') validateImage(schema, { [key]: rest.length === 0 ? value : [value] })
  }
  return operations
}

const FORMATS: ReadonlySet<string> = new Set(['disk_format', 'container_format'])

const changeBase = (caller: Caller, image: StoredImage, { op, key, value }: Operation): StoredImage => {
  if (op === 'remove') throw accessDenied(`Property ${key} may not be removed.`)
  refuseOutOfRange({ [key]: value })
  refuseFourBytes(key, value)
  if (key === 'owner' && !caller.isAdmin) throw accessDenied("Owner can't be updated by non admin.")
  if (key === 'visibility' && value === 'public' && !caller.isAdmin) throw notAuthorized('publicize_image')
  if (FORMATS.has(key) && image.status !== 'queued' && image.status !== 'importing')
    throw refuse(403, `Attribute ${key} can be only replaced for a queued image.`)
  return key === 'tags' ? { ...image, tags: tagSet(value as readonly string[]) } : { ...image, [key]: value }
}

/** Attributes of Glance's image object besides those of the schema. */
const INTERNAL: ReadonlySet<string> = new Set(['image_id', 'extra_properties', 'member', 'delete'])

const refuseLocations = (caller: Caller, { locations }: StoredImage, { op, value }: Operation): never => {
  if (op === 'remove' && !caller.isAdmin) throw notAuthorized('delete_image_location')
  if (op === 'remove' && locations.length === 1) throw refuse(403, 'Cannot remove last location in the image.')
  if (Array.isArray(value) && value.length === 0) throw accessDenied('Cannot set locations to empty list.')
  throw refuse(400, 'Invalid location')
}

const changeProperty = (image: StoredImage, { op, key, value }: Operation): StoredImage => {
  if (op === 'remove' && INTERNAL.has(key)) throw accessDenied(`Property ${key} may not be removed.`)
  if (op !== 'remove') refuseFourBytes(key, value)
  if (op !== 'add' && !image.properties.has(key)) throw conflict(`Property ${key} does not exist.`)
  const properties = new Map(image.properties)
  if (op === 'remove') properties.delete(key)
  else properties.set(key, value as string)
  return { ...image, properties }
}

/** PATCH /v2/images/{id}: all operations are applied, or none. */
export const patchImage = (
  state: GlanceState,
  caller: Caller,
  id: string,
  operations: readonly Operation[],
): StoredImage => {
  const image = requireVisibleImage(state, caller, id)
  if (operations.length === 0) return image
  requireOwner(caller, image, 'modify_image')
  const changed = operations.reduce((so, operation) => {
    if (operation.key === 'locations') return refuseLocations(caller, so, operation)
    if (
      operation.version === V2_0 &&
      operation.op === 'add' &&
      ((isBase(operation.key) && operation.key !== 'stores') || so.properties.has(operation.key))
    )
      throw conflict(`Property ${operation.key} already present.`)
    return isBase(operation.key) && operation.key !== 'stores'
      ? changeBase(caller, so, operation)
      : changeProperty(so, operation)
  }, image)
  refuseTooMany('tags', changed.tags.length, state.quotas.tags)
  refuseTooMany('properties', changed.properties.size, state.quotas.properties)
  return update(state, id, changed) ?? image
}
