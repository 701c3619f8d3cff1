import type { ImageResult } from '@imago/core/provider'
import { GlanceImage, GlanceLocation, GlanceVersions } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { getImageRequest, imageSubject, patchImageRequest } from '../requests/images.ts'
import type { ApiRequest } from '../requests/api-request.ts'
import type { Caller, CallOptions } from './call.ts'

/** Where data lie. The URL may hold a secret: it is in no error. */
export interface NewLocation {
  readonly url: string
  /** With the location's own hash Glance does not read the data to compute it. */
  readonly validation?: { readonly algorithm: 'sha512' | 'sha256' | 'sha1' | 'md5'; readonly value: string }
}

/** How a cloud lets locations be read and added. Its policies may refuse the caller all the same. */
export interface LocationWays {
  /** `list` and `add`: Glance names version 2.17 of its API. */
  readonly byPath: boolean
  /** `ofRecord`, `addByPatch` and `removeByPatch`: Glance shows the locations of its images (`show_multiple_locations`), which is also what allows to patch them. */
  readonly byRecord: boolean
}

/**
 * Data that lie somewhere already. There are two ways, and a cloud may have both, one or none: `/v2/images/{id}/locations`, and the image's own record.
 * Where a Glance is older than the first, `add` and `list` give `Rejected`.
 */
export interface LocationsApi {
  /** - Which ways there are. Two requests: `GET /versions`, and the record of this image. */
  readonly ways: (imageId: string, options?: CallOptions) => ImageResult<LocationWays>
  /**
   * - `POST /v2/images/{id}/locations`, since API 2.17. Only for a queued image; any other gives `Conflict`. For others than services only to an http store.
   * Success means that Glance has begun: `tasks.ofImage` says how it goes on. The image becomes active before Glance has read the data and its hash is there.
   * Where the data have another hash than `validation`, the task fails; the image is queued, and keeps the location.
   */
  readonly add: (imageId: string, location: NewLocation, options?: CallOptions) => ImageResult<void>
  /** - `GET /v2/images/{id}/locations`, since API 2.17: by Glance's own policy for other services (role `service`) and administrators. */
  readonly list: (imageId: string, options?: CallOptions) => ImageResult<readonly GlanceLocation[]>
  /** - `GET /v2/images/{id}`: its `locations`. `null`: this cloud shows none. */
  readonly ofRecord: (imageId: string, options?: CallOptions) => ImageResult<readonly GlanceLocation[] | null>
  /** - A patch of the record, where the operator allows it. Also for an active image, which gets one more. Glance does not compute a hash. */
  readonly addByPatch: (
    imageId: string,
    location: NewLocation & { readonly metadata?: Readonly<Record<string, unknown>> },
    options?: CallOptions,
  ) => ImageResult<GlanceImage>
  /** - As `addByPatch`, by Glance's own policy for administrators; the last one cannot be removed. `index`: its place in the record's `locations`. */
  readonly removeByPatch: (imageId: string, index: number, options?: CallOptions) => ImageResult<GlanceImage>
}

/** The version of Glance's API that has `/v2/images/{id}/locations`. glance: api-ref/source/versions/index.rst. */
const SINCE = '2.17'

const GlanceLocations = t.array(GlanceLocation, 'GlanceLocations')

const toValidation = ({ validation }: NewLocation): Readonly<Record<string, unknown>> =>
  validation === undefined
    ? {}
    : { validation_data: { os_hash_algo: validation.algorithm, os_hash_value: validation.value } }

const atLocations = (imageId: string): Pick<ApiRequest, 'path' | 'subject' | 'since'> => ({
  path: ['v2', 'images', imageId, 'locations'],
  subject: imageSubject(imageId),
  since: SINCE,
})

const locationsOfRecord = (
  caller: Caller,
  name: string,
  imageId: string,
  options?: CallOptions,
): ImageResult<readonly GlanceLocation[] | null> =>
  pipe(
    caller.decoded(GlanceImage, { ...getImageRequest(imageId), name }, options),
    TE.map(({ locations }) => locations ?? null),
  )

export const locationsApi = (caller: Caller): LocationsApi => ({
  ways: (imageId, options) =>
    pipe(
      caller.decoded(GlanceVersions, { name: 'locations.ways', method: 'GET', path: ['versions'] }, options),
      TE.flatMap(({ versions }) =>
        pipe(
          locationsOfRecord(caller, 'locations.ways', imageId, options),
          TE.map((shown): LocationWays => ({
            byPath: versions.some(({ id }) => id === `v${SINCE}`),
            byRecord: shown !== null,
          })),
        ),
      ),
    ),
  add: (imageId, location, options) =>
    caller.done(
      {
        name: 'locations.add',
        method: 'POST',
        ...atLocations(imageId),
        body: { kind: 'json', value: { url: location.url, ...toValidation(location) } },
      },
      options,
    ),
  list: (imageId, options) =>
    pipe(
      caller.decoded(GlanceLocations, { name: 'locations.list', method: 'GET', ...atLocations(imageId) }, options),
      TE.map((locations): readonly GlanceLocation[] => locations),
    ),
  ofRecord: (imageId, options) => locationsOfRecord(caller, 'locations.ofRecord', imageId, options),
  addByPatch: (imageId, location, options) =>
    caller.decoded(
      GlanceImage,
      {
        ...patchImageRequest(imageId, [
          {
            op: 'add',
            path: '/locations/-',
            value: { url: location.url, metadata: location.metadata ?? {}, ...toValidation(location) },
          },
        ]),
        name: 'locations.addByPatch',
      },
      options,
    ),
  removeByPatch: (imageId, index, options) =>
    caller.decoded(
      GlanceImage,
      {
        ...patchImageRequest(imageId, [{ op: 'remove', path: `/locations/${index}` }]),
        name: 'locations.removeByPatch',
      },
      options,
    ),
})
