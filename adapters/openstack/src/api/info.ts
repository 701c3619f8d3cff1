import type { ImageResult } from '@imago/core/provider'
import { GlanceImportInfo, GlanceStore, GlanceUsageInfo, type GlanceUsage } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Caller, CallOptions } from './call.ts'
import type { Listed } from './page.ts'

/** `/v2/info`: what this Glance can do. */
export interface InfoApi {
  /** - The import methods that are switched on, which is not to say that they work. */
  readonly importMethods: (options?: CallOptions) => ImageResult<readonly string[]>
  /** - `NotFound` where Glance has but one store. */
  readonly stores: (options?: CallOptions) => ImageResult<Listed<GlanceStore>>
  /** - For admins: with type, weight and properties, which may tell of the backend. */
  readonly storesDetail: (options?: CallOptions) => ImageResult<Listed<GlanceStore>>
  /** - What the project uses, and may use; empty where Glance does not use Keystone's limits. */
  readonly usage: (options?: CallOptions) => ImageResult<GlanceUsage>
}

export const infoApi = (caller: Caller): InfoApi => ({
  importMethods: (options) =>
    pipe(
      caller.decoded(
        GlanceImportInfo,
        {
          name: 'info.importMethods',
          method: 'GET',
          path: ['v2', 'info', 'import'],
          subject: 'import of images at this cloud',
        },
        options,
      ),
      TE.map((info) => info['import-methods'].value),
    ),
  stores: (options) =>
    caller.listed(
      'stores',
      GlanceStore,
      { name: 'info.stores', method: 'GET', path: ['v2', 'info', 'stores'], subject: 'list of stores at this cloud' },
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
        subject: 'list of stores at this cloud',
      },
      options,
    ),
  usage: (options) =>
    pipe(
      caller.decoded(
        GlanceUsageInfo,
        { name: 'info.usage', method: 'GET', path: ['v2', 'info', 'usage'], subject: 'usage at this cloud' },
        options,
      ),
      TE.map(({ usage }) => usage),
    ),
})
