import { isObject, type JsonObject } from '../../json.ts'
import { getFieldValue, textField } from '../body.ts'
import type { StoredImage } from './image.ts'
import { notAuthorized, refuse, serverError } from './refusal.ts'
import { pythonRepr } from './python-repr.ts'
import { requireOwner, requireVisibleImage, type Caller } from './policy.ts'
import type { GlanceState } from './state.ts'

export const IMPORT_METHODS = ['glance-direct', 'web-download', 'copy-image', 'glance-download'] as const

export type ImportMethod = (typeof IMPORT_METHODS)[number]

export interface ImportRequest {
  readonly method: ImportMethod
  readonly stores: readonly string[]
  readonly uri: string | null
  readonly remote: { readonly region: string; readonly imageId: string } | null
  /** The request body with Glance's defaults. */
  readonly body: JsonObject
}

const refuseFlags = (body: JsonObject): void => {
  const odd = ['all_stores', 'all_stores_must_succeed'].find(
    (key) => body[key] !== undefined && typeof body[key] !== 'boolean',
  )
  if (odd !== undefined) throw refuse(400, `'${odd}' must be boolean value only`)
}

const parseMethod = (body: unknown): ImportMethod => {
  if (!isObject(body)) throw serverError()
  const said = body['method']
  if (said === undefined) throw refuse(400, "Import request requires a 'method' field.")
  if (!isObject(said)) throw serverError()
  const name = said['name']
  if (name === undefined) throw refuse(400, "Import request requires a 'name' field.")
  const method = IMPORT_METHODS.find((each) => each === name)
  if (method === undefined)
    throw refuse(400, `Unknown import method name '${typeof name === 'string' ? name : pythonRepr(name)}'.`)
  refuseFlags(body)
  return method
}

/** The metadata address of clouds, which returns secrets to servers: the filter must refuse it. */
const REFUSED_HOSTS: ReadonlySet<string> = new Set(['169.254.169.254'])

const allowedUri = (uri: unknown): string => {
  if (typeof uri !== 'string' && uri !== undefined && uri !== null) throw serverError()
  const url = typeof uri === 'string' && URL.canParse(uri) ? new URL(uri) : null
  if (
    url === null ||
    !['http:', 'https:'].includes(url.protocol) ||
    REFUSED_HOSTS.has(url.hostname) ||
    !/^https?:\/\/[^/]/i.test(typeof uri === 'string' ? uri : '')
  ) {
    throw refuse(
      400,
      `URI for web-download does not pass filtering: ${typeof uri === 'string' ? uri : pythonRepr(uri)}`,
    )
  }
  return url.href
}

const parseStores = (state: GlanceState, body: JsonObject, header: string | undefined): readonly string[] => {
  const writable = state.stores.filter(({ readOnly }) => !readOnly).map(({ id }) => id)
  if (body['all_stores'] === true && (body['stores'] !== undefined || header !== undefined)) {
    throw refuse(400, "All_stores parameter can't be used with x-image-meta-store header or stores parameter")
  }
  if (body['all_stores'] === true) return writable
  const wanted = typeof body['stores'] === 'string' ? [...body['stores']] : body['stores']
  const named =
    Array.isArray(wanted) && wanted.length > 0
      ? wanted.map(String)
      : [header ?? state.stores.find(({ isDefault }) => isDefault)?.id ?? '']
  const unknown = named.find((store) => state.stores.every(({ id }) => id !== store))
  if (unknown !== undefined) throw refuse(409, `Store for identifier ${unknown} not found`)
  return named
}

const refuseStatus = (method: ImportMethod, { status }: StoredImage): void => {
  if (method === 'copy-image') {
    if (status !== 'active') throw refuse(409, 'Only images with status active can be targeted for copying')
    return
  }
  if (status === 'active') throw refuse(409, 'Image with status active cannot be target for import')
  if (method === 'glance-direct' && status !== 'uploading')
    throw refuse(409, "Image needs to be staged before 'glance-direct' method can be used")
  if (method !== 'glance-direct' && status !== 'queued')
    throw refuse(409, `Image needs to be in 'queued' state to use '${method}' method`)
}

const parseRemote = (method: unknown): ImportRequest['remote'] => {
  const imageId = textField(method, 'glance_image_id')
  const region = textField(method, 'glance_region')
  if (region === undefined) throw refuse(400, "'glance_region' needs to be set for glance-download import method")
  if (imageId === undefined) throw refuse(400, "'glance_image_id' needs to be set for glance-download import method")
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(imageId))
    throw refuse(400, `Remote image id does not look like a UUID: ${imageId}`)
  return { region, imageId }
}

const withInterface = (body: JsonObject): JsonObject => ({
  ...body,
  method: { glance_service_interface: 'public', ...(isObject(body['method']) ? body['method'] : {}) },
})

/** Parses an import request, after all checks that can be made at once. */
export const parseImport = (
  state: GlanceState,
  caller: Caller,
  id: string,
  body: unknown,
  header: string | undefined,
): ImportRequest => {
  const method = parseMethod(body)
  const image = requireVisibleImage(state, caller, id)
  refuseStatus(method, image)
  for (const format of ['container_format', 'disk_format'] as const) {
    if (image[format] === null) throw refuse(409, `'${format}' needs to be set before import`)
  }
  const request = body as JsonObject
  const remote = method === 'glance-download' ? parseRemote(request['method']) : null
  if (method === 'copy-image' && !caller.isAdmin) throw notAuthorized('copy_image')
  requireOwner(caller, image, 'modify_image')
  const stores = parseStores(state, request, header)
  if (image.properties.has('os_glance_import_task'))
    throw refuse(409, `Image is already being imported by task ${image.properties.get('os_glance_import_task')}`)
  const present =
    method === 'copy-image' ? stores.find((store) => image.locations.some((each) => each.store === store)) : undefined
  if (present !== undefined && request['all_stores'] !== true)
    throw refuse(400, `Image is already present at store '${present}'`)
  return {
    method,
    stores: stores.filter((store) => method !== 'copy-image' || image.locations.every((each) => each.store !== store)),
    uri: method === 'web-download' ? allowedUri(getFieldValue(request['method'], 'uri')) : null,
    remote,
    body: method === 'glance-download' ? withInterface(request) : request,
  }
}
