import type { ApiRequest } from './api-request.ts'
import { imageSubject } from './images.ts'

/** Target stores of an import. `stores` and `allStores` are mutually exclusive; both require a Glance with several stores. Default: Glance's default store. */
export interface ImportTarget {
  readonly stores?: readonly string[]
  readonly allStores?: boolean
  /** Whether the failure of one store undoes the import. Default: true. */
  readonly allStoresMustSucceed?: boolean
}

/** An import method with its parameters. glance: api-ref/source/v2/images-import.inc. */
export type ImportMethod =
  /** Imports staged data; the image must be `uploading`. */
  | { readonly name: 'glance-direct' }
  /** Glance downloads a URI; the image must be `queued`. Errors never contain the URI, which may be signed. */
  | { readonly name: 'web-download'; readonly uri: string }
  /** Copies the data to further stores; the image must be `active`. By default for admins only. */
  | { readonly name: 'copy-image' }
  /** Downloads from the Glance of another region with the same Keystone; the image must be `queued`. */
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
