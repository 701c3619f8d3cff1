import type { ImageResult } from '@imago/core/provider'
import { GlanceImage, GlanceLocation, GlanceVersions } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { getImageRequest, imageSubject, patchImageRequest } from '../requests/images.ts'
import type { ApiRequest } from '../requests/api-request.ts'
import type { Caller, CallOptions } from './call.ts'

/** The location of data. No error contains the URL, which may contain a secret. */
export interface NewLocation {
  readonly url: string
  /** The hash of the data. With it, Glance does not read them to compute it. */
  readonly validation?: { readonly algorithm: 'sha512' | 'sha256' | 'sha1' | 'md5'; readonly value: string }
}

/** How locations can be read and added at a cloud. Its policies may still refuse the user. */
export interface LocationWays {
  /** `list` and `add`: Glance has version 2.17 of its API. */
  readonly byPath: boolean
  /** `ofRecord`, `addByPatch` and `removeByPatch`: Glance shows and patches the locations of images (`show_multiple_locations`). */
  readonly byRecord: boolean
}

/**
 * Data that are stored elsewhere. A cloud may offer both ways, one or none: `/v2/images/{id}/locations`, and the image's record.
 * A Glance that is too old for the first returns `Rejected` for `add` and `list`.
 */
export interface LocationsApi {
  /** - The ways that the cloud offers. Two requests: `GET /versions`, and the record of this image. */
  readonly ways: (imageId: string, options?: CallOptions) => ImageResult<LocationWays>
  /**
   * - `POST /v2/images/{id}/locations`, since API 2.17, for a queued image; any other is `Conflict`. Users can add only http locations.
   * It starts the work; `tasks.ofImage` shows its progress. The image becomes active before Glance has read the data and computed their hash.
   * If the hash differs from `validation`, the task fails; the image is queued, and keeps the location.
   */
  readonly add: (imageId: string, location: NewLocation, options?: CallOptions) => ImageResult<void>
  /** - `GET /v2/images/{id}/locations`, since API 2.17. Glance's default policy allows it to services (role `service`) and admins. */
  readonly list: (imageId: string, options?: CallOptions) => ImageResult<readonly GlanceLocation[]>
  /** - The `locations` of `GET /v2/images/{id}`. `null`: the cloud does not show them. */
  readonly ofRecord: (imageId: string, options?: CallOptions) => ImageResult<readonly GlanceLocation[] | null>
  /** - Adds a location to the record of a queued or active image, if the operator allows it. Glance computes no hash. */
  readonly addByPatch: (
    imageId: string,
    location: NewLocation & { readonly metadata?: Readonly<Record<string, unknown>> },
    options?: CallOptions,
  ) => ImageResult<GlanceImage>
  /** - By default for admins; the last location cannot be removed. `index`: in the record's `locations`. */
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
