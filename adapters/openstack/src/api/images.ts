import type { ImageResult } from '@imago/core/provider'
import { GlanceImage } from '@imago/schema-openstack'
import {
  createImageRequest,
  deleteImageRequest,
  getImageRequest,
  listImagesRequest,
  patchImageRequest,
  type ImageListParameters,
  type JsonPatch,
} from '../requests/images.ts'
import type { Caller, CallOptions } from './call.ts'
import type { Listed } from './page.ts'

/** `/v2/images`: image records. See `DataApi` for their data. */
export interface ImagesApi {
  /** One page. For the next page, pass the `marker` of this one with the same parameters. */
  readonly list: (parameters?: ImageListParameters, options?: CallOptions) => ImageResult<Listed<GlanceImage>>
  readonly get: (id: string, options?: CallOptions) => ImageResult<GlanceImage>
  /** `record`: base fields and properties in one object, as in the API. */
  readonly create: (record: Readonly<Record<string, unknown>>, options?: CallOptions) => ImageResult<GlanceImage>
  /** Applies the patch atomically and returns the updated image. */
  readonly patch: (id: string, patch: JsonPatch, options?: CallOptions) => ImageResult<GlanceImage>
  readonly remove: (id: string, options?: CallOptions) => ImageResult<void>
}

export const imagesApi = (caller: Caller): ImagesApi => ({
  list: (parameters = {}, options) => caller.listed('images', GlanceImage, listImagesRequest(parameters), options),
  get: (id, options) => caller.decoded(GlanceImage, getImageRequest(id), options),
  create: (record, options) => caller.decoded(GlanceImage, createImageRequest(record), options),
  patch: (id, patch, options) => caller.decoded(GlanceImage, patchImageRequest(id, patch), options),
  remove: (id, options) => caller.done(deleteImageRequest(id), options),
})
