import type { ImageResult } from '@imago/core/provider'
import { GlanceImage, GlanceLocation, GlanceVersions } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { getImageRequest, imageSubject, patchImageRequest } from '../requests/images.ts'
import type { ApiRequest } from '../requests/api-request.ts'
import type { Caller, CallOptions } from './call.ts'

/** The location of image data. Errors never contain the URL, which may include a secret. */
export interface NewLocation {
  readonly url: string
  /** The hash of the data. If set, Glance does not read the data to compute it. */
  readonly validation?: { readonly algorithm: 'sha512' | 'sha256' | 'sha1' | 'md5'; readonly value: string } | undefined
}

/** The supported ways to read and add locations. The cloud's policies may still forbid them. */
export interface LocationWays {
  /** `list` and `add`: requires API 2.17. */
  readonly byPath: boolean
  /** `ofRecord`, `addByPatch` and `removeByPatch`: requires `show_multiple_locations`. */
  readonly byRecord: boolean
}

/**
 * Locations of image data in external storage. Clouds support `/v2/images/{id}/locations`, the `locations` of the record, both or neither.
 * `add` and `list` return `Rejected` if Glance is too old.
 */
export interface LocationsApi {
  /** The supported ways. Sends two requests: `GET /versions`, and `GET` of this image. */
  readonly ways: (imageId: string, options?: CallOptions) => ImageResult<LocationWays>
  /**
   * - `POST /v2/images/{id}/locations`, since API 2.17, for a queued image; otherwise `Conflict`. Users can add only HTTP locations.
   * The work is asynchronous; `tasks.ofImage` shows its progress. The image becomes active before Glance has read the data and computed the hash.
   * If the hash differs from `validation`, the task fails; the image returns to queued and keeps the location.
   */
  readonly add: (imageId: string, location: NewLocation, options?: CallOptions) => ImageResult<void>
  /** `GET /v2/images/{id}/locations`, since API 2.17. By default allowed for services (role `service`) and admins. */
  readonly list: (imageId: string, options?: CallOptions) => ImageResult<readonly GlanceLocation[]>
  /** The `locations` of `GET /v2/images/{id}`; `null` if the cloud does not show them. */
  readonly ofRecord: (imageId: string, options?: CallOptions) => ImageResult<readonly GlanceLocation[] | null>
  /** Adds a location to a queued or active image, if the operator allows it. Glance computes no hash. */
  readonly addByPatch: (
    imageId: string,
    location: NewLocation & { readonly metadata?: Readonly<Record<string, unknown>> },
    options?: CallOptions,
  ) => ImageResult<GlanceImage>
  /** By default for admins; the last location cannot be removed. `index`: position in the record's `locations`. */
  readonly removeByPatch: (imageId: string, index: number, options?: CallOptions) => ImageResult<GlanceImage>
}

/** The API version that introduced `/v2/images/{id}/locations`. glance: api-ref/source/versions/index.rst. */
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
