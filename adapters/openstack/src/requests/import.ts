import type { ApiRequest } from './api-request.ts'
import { imageSubject } from './images.ts'

/** Where imported data go. Left out: the default store. `stores` and `allStores` exclude each other; both need several stores. */
export interface ImportTarget {
  readonly stores?: readonly string[]
  readonly allStores?: boolean
  /** Glance's default is true: one store that fails undoes all. */
  readonly allStoresMustSucceed?: boolean
}

/** How the data come. glance: api-ref/source/v2/images-import.inc. */
export type ImportMethod =
  /** Those staged before; the image must be `uploading`. */
  | { readonly name: 'glance-direct' }
  /** Glance fetches them; the image must be `queued`. The URI may be signed: it is in no error. */
  | { readonly name: 'web-download'; readonly uri: string }
  /** From a store that has them to others; the image must be `active`. By default for admins only. */
  | { readonly name: 'copy-image' }
  /** From the Glance of another region of the same Keystone; the image must be `queued`. */
  | {
      readonly name: 'glance-download'
      readonly imageId: string
      readonly region: string
      readonly interface?: 'public' | 'internal' | 'admin'
    }

const toMethod = (method: ImportMethod): Readonly<Record<string, string>> => {
  switch (method.name) {
    case 'glance-direct':
    case 'copy-image':
      return { name: method.name }
    case 'web-download':
      return { name: method.name, uri: method.uri }
    case 'glance-download':
      return {
        name: method.name,
        glance_image_id: method.imageId,
        glance_region: method.region,
        ...(method.interface === undefined ? {} : { glance_service_interface: method.interface }),
      }
  }
}

export const importRequest = (
  imageId: string,
  method: ImportMethod,
  { stores, allStores, allStoresMustSucceed }: ImportTarget = {},
): ApiRequest => ({
  name: 'imports.start',
  method: 'POST',
  path: ['v2', 'images', imageId, 'import'],
  body: {
    kind: 'json',
    value: {
      method: toMethod(method),
      ...(stores === undefined ? {} : { stores }),
      ...(allStores === undefined ? {} : { all_stores: allStores }),
      ...(allStoresMustSucceed === undefined ? {} : { all_stores_must_succeed: allStoresMustSucceed }),
    },
  },
  subject: imageSubject(imageId),
})
