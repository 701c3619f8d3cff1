import type { ImageResult } from '@imago/core/provider'
import { GlanceImportInfo, GlanceStore, GlanceUsageInfo, type GlanceUsage } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Caller, CallOptions } from './call.ts'
import type { Listed } from './page.ts'

/** `/v2/info`: the features of this Glance. */
export interface InfoApi {
  /** The enabled import methods. An enabled method may still fail. */
  readonly importMethods: (options?: CallOptions) => ImageResult<readonly string[]>
  /** `NotFound` if Glance has a single store. */
  readonly stores: (options?: CallOptions) => ImageResult<Listed<GlanceStore>>
  /** For admins: includes type, weight and properties, which may describe the backend. */
  readonly storesDetail: (options?: CallOptions) => ImageResult<Listed<GlanceStore>>
  /** The project's usage and limits; empty if Glance does not use Keystone's unified limits. */
  readonly usage: (options?: CallOptions) => ImageResult<GlanceUsage>
}

const NO_STORES = 'this cloud reports no stores'

export const infoApi = (caller: Caller): InfoApi => ({
  importMethods: (options) =>
    pipe(
      caller.decoded(
        GlanceImportInfo,
        {
          name: 'info.importMethods',
          method: 'GET',
          path: ['v2', 'info', 'import'],
          missingFeature: 'this cloud reports no import methods',
        },
        options,
      ),
      TE.map((info) => info['import-methods'].value),
    ),
  stores: (options) =>
    caller.listed(
      'stores',
      GlanceStore,
      { name: 'info.stores', method: 'GET', path: ['v2', 'info', 'stores'], missingFeature: NO_STORES },
      options,
    ),
  storesDetail: (options) =>
    caller.listed(
      'stores',
      GlanceStore,
      {
        name: 'info.storesDetail',
        method: 'GET',
        path: ['v2', 'info', 'stores', 'detail'],
        missingFeature: NO_STORES,
      },
      options,
    ),
  usage: (options) =>
    pipe(
      caller.decoded(
        GlanceUsageInfo,
        {
          name: 'info.usage',
          method: 'GET',
          path: ['v2', 'info', 'usage'],
          missingFeature: 'this cloud reports no usage of images',
        },
        options,
      ),
      TE.map(({ usage }) => usage),
    ),
})
