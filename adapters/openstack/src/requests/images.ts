import { quoteEmpty } from '@imago/core/provider'
import type { ApiRequest } from './api-request.ts'

/** Query parameters of a list, in order. Names such as `tag` may repeat. */
export type Filters = readonly (readonly [name: string, value: string])[]

/** Filters and paging of an image list. */
export interface ImageListParameters {
  readonly filters?: Filters | undefined
  /** At most 1,000, or the operator's limit; Glance silently reduces larger values. Default: Glance's 25. */
  readonly limit?: number | undefined
  /** ID of the last image of the previous page. Glance returns 400 if it was deleted. */
  readonly marker?: string | null | undefined
}

/** One operation of a JSON patch. In Glance, a path addresses a whole field. */
export type PatchOperation =
  /** Sets a field, whether or not it exists. */
  | { readonly op: 'add'; readonly path: string; readonly value: unknown }
  /** Returns 409 for a missing property. */
  | { readonly op: 'replace'; readonly path: string; readonly value: unknown }
  /** Returns 409 for a missing property and 403 for a base field. */
  | { readonly op: 'remove'; readonly path: string }

export type JsonPatch = readonly PatchOperation[]

/** glance: glance/api/v2/images.py, RequestDeserializer._get_change_operation_d10. Other types return 415, including `application/json-patch+json`. */
export const PATCH_TYPE = 'application/openstack-images-v2.1-json-patch'

/** The image as the subject of an error. */
export const imageSubject = (id: string): string => `image ${quoteEmpty(id)}`

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
