import type { ApiRequest } from './api-request.ts'
import { imageSubject } from './images.ts'

/** The stores of imported data. Default: Glance's default store. `stores` and `allStores` exclude each other; both require several stores. */
export interface ImportTarget {
  readonly stores?: readonly string[]
  readonly allStores?: boolean
  /** Default: true, so that a failed store undoes all. */
  readonly allStoresMustSucceed?: boolean
}

/** The import method. glance: api-ref/source/v2/images-import.inc. */
export type ImportMethod =
  /** Staged data; the image must be `uploading`. */
  | { readonly name: 'glance-direct' }
  /** Glance fetches a URI; the image must be `queued`. No error contains the URI, which may be signed. */
  | { readonly name: 'web-download'; readonly uri: string }
  /** From one store to others; the image must be `active`. By default for admins only. */
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
