import type { ImageResult } from '@imago/core/provider'
import { GlanceVersions, type OpenStackVersion } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Caller, CallOptions } from './call.ts'

/** `/versions`: the API versions of this Glance. */
export interface VersionsApi {
  /** Versions of disabled features are absent, so a higher version does not imply a lower one. */
  readonly list: (options?: CallOptions) => ImageResult<readonly OpenStackVersion[]>
}

export const versionsApi = (caller: Caller): VersionsApi => ({
  list: (options) =>
    pipe(
      caller.decoded(GlanceVersions, { name: 'versions.list', method: 'GET', path: ['versions'] }, options),
      TE.map(({ versions }) => versions),
    ),
})
