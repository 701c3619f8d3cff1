import type { Answer } from '@imago/core'
import { GlanceImage, GlanceLocation } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { imageSubject, patchImageRequest } from '../requests/images.ts'
import type { Caller, CallOptions } from './call.ts'

/** Where data lie. The URL may hold a secret: it is in no error. */
export interface NewLocation {
  readonly url: string
  /** With the location's own hash Glance does not read the data to compute it. */
  readonly validation?: { readonly algorithm: 'sha512' | 'sha256' | 'sha1' | 'md5'; readonly value: string }
}

/** Data that lie somewhere already. */
export interface LocationsApi {
  /** - `POST /v2/images/{id}/locations`, since API 2.17: Glance goes on in the background. Only for a queued image; any other gives `Conflict`. */
  readonly add: (imageId: string, location: NewLocation, options?: CallOptions) => Answer<void>
  /** - `GET /v2/images/{id}/locations`, since API 2.17: for other services (role `service`). */
  readonly list: (imageId: string, options?: CallOptions) => Answer<readonly GlanceLocation[]>
  /** - The way before API 2.17: a patch of the record, where the operator allows it (`show_multiple_locations`). */
  readonly addByPatch: (imageId: string, location: NewLocation & { readonly metadata?: Readonly<Record<string, unknown>> }, options?: CallOptions) => Answer<GlanceImage>
  /** - As `addByPatch`. `index`: its place in the record's `locations`. */
  readonly removeByPatch: (imageId: string, index: number, options?: CallOptions) => Answer<GlanceImage>
}

const GlanceLocations = t.array(GlanceLocation, 'GlanceLocations')

const validationOf = ({ validation }: NewLocation): Readonly<Record<string, unknown>> =>
  validation === undefined ? {} : { validation_data: { os_hash_algo: validation.algorithm, os_hash_value: validation.value } }

export const locationsApi = (caller: Caller): LocationsApi => ({
  add: (imageId, location, options) =>
    caller.done(
      {
        name: 'locations.add',
        method: 'POST',
        path: ['v2', 'images', imageId, 'locations'],
        body: { kind: 'json', value: { url: location.url, ...validationOf(location) } },
        subject: imageSubject(imageId),
      },
      options,
    ),
  list: (imageId, options) =>
    pipe(
      caller.decoded(GlanceLocations, { name: 'locations.list', method: 'GET', path: ['v2', 'images', imageId, 'locations'], subject: imageSubject(imageId) }, options),
      TE.map((locations): readonly GlanceLocation[] => locations),
    ),
  addByPatch: (imageId, location, options) =>
    caller.decoded(
      GlanceImage,
      {
        ...patchImageRequest(imageId, [{ op: 'add', path: '/locations/-', value: { url: location.url, metadata: location.metadata ?? {}, ...validationOf(location) } }]),
        name: 'locations.addByPatch',
      },
      options,
    ),
  removeByPatch: (imageId, index, options) =>
    caller.decoded(GlanceImage, { ...patchImageRequest(imageId, [{ op: 'remove', path: `/locations/${index}` }]), name: 'locations.removeByPatch' }, options),
})
