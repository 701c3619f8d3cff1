import type { ApiRequest } from './api-request.ts'

/** Query parameters of a list, in this order. Names may repeat, as `tag` does. */
export type Filters = readonly (readonly [name: string, value: string])[]

/** The parameters of a list. */
export interface ImageListParameters {
  readonly filters?: Filters
  /** At most 1,000, or the operator's limit; Glance reduces larger values silently. Default: Glance's 25. */
  readonly limit?: number
  /** The ID of the image before the page. A deleted image returns 400. */
  readonly marker?: string | null
}

/** One change of a JSON patch. In Glance, a path is one field. */
export type PatchOperation =
  /** Sets a field, whether or not it exists. */
  | { readonly op: 'add'; readonly path: string; readonly value: unknown }
  /** A missing property returns 409. */
  | { readonly op: 'replace'; readonly path: string; readonly value: unknown }
  /** A missing property returns 409, a base field 403. */
  | { readonly op: 'remove'; readonly path: string }

export type JsonPatch = readonly PatchOperation[]

/** glance: glance/api/v2/images.py, RequestDeserializer._get_change_operation_d10. Any other type returns 415, even `application/json-patch+json`. */
export const PATCH_TYPE = 'application/openstack-images-v2.1-json-patch'

/** The subject of requests for an image. */
export const imageSubject = (id: string): string => `image ${id}`

export const listImagesRequest = ({ filters = [], limit, marker }: ImageListParameters): ApiRequest => ({
  name: 'images.list',
  method: 'GET',
  path: ['v2', 'images'],
  query: [
    ...filters,
    ...(limit === undefined ? [] : [['limit', String(limit)] as const]),
    ...(marker === undefined || marker === null ? [] : [['marker', marker] as const]),
  ],
})

export const getImageRequest = (id: string): ApiRequest => ({
  name: 'images.get',
  method: 'GET',
  path: ['v2', 'images', id],
  subject: imageSubject(id),
})

export const createImageRequest = (record: Readonly<Record<string, unknown>>): ApiRequest => ({
  name: 'images.create',
  method: 'POST',
  path: ['v2', 'images'],
  body: { kind: 'json', value: record },
})

export const patchImageRequest = (id: string, patch: JsonPatch): ApiRequest => ({
  name: 'images.patch',
  method: 'PATCH',
  path: ['v2', 'images', id],
  headers: { 'content-type': PATCH_TYPE },
  body: { kind: 'json', value: patch },
  subject: imageSubject(id),
})

export const deleteImageRequest = (id: string): ApiRequest => ({
  name: 'images.remove',
  method: 'DELETE',
  path: ['v2', 'images', id],
  subject: imageSubject(id),
})
