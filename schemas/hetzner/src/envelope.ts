import { nullable } from '@imago/codec'
import * as t from 'io-ts'
import { HetznerMeta } from './pagination.ts'
import { HetznerRecord } from './record.ts'

// Sources: "spec": Hetzner's OpenAPI document (docs.hetzner.cloud/cloud.spec.json), as of June and September 2026.

const meta = {
  /** Absent in the output of `hcloud all list -o json`, and from mock servers. */ meta: nullable(HetznerMeta),
} as const

/**
 * A page of images. Spec: GET /images.
 * The elements are not checked, so that an invalid image does not invalidate the page. Decode each with `HetznerImage`.
 */
export const HetznerImagePage = t.intersection(
  [t.type({ images: t.array(t.unknown) }), t.partial(meta)],
  'HetznerImagePage',
)
export type HetznerImagePage = t.TypeOf<typeof HetznerImagePage>

/** One image: GET and PUT /images/{id}. Decode it with `HetznerImage`. */
export const HetznerImageEnvelope = t.type({ image: HetznerRecord }, 'HetznerImageEnvelope')
export type HetznerImageEnvelope = t.TypeOf<typeof HetznerImageEnvelope>

/**
 * POST /servers/{id}/actions/create_image. The image has the status `creating` and its final ID; it is complete when the action has ended.
 * Decode the parts with `HetznerImage` and `HetznerAction`. The spec requires neither key.
 */
export const HetznerCreateImageEnvelope = t.intersection(
  [t.type({ image: HetznerRecord }), t.partial({ action: nullable(HetznerRecord) })],
  'HetznerCreateImageEnvelope',
)
export type HetznerCreateImageEnvelope = t.TypeOf<typeof HetznerCreateImageEnvelope>

/**
 * One server: GET /servers/{id}, and POST /servers, which adds the other keys. Decode `server`, which contains the server's image, with
 * `HetznerServer`.
 */
export const HetznerServerEnvelope = t.intersection(
  [
    t.type({ server: HetznerRecord }),
    t.partial({
      action: nullable(HetznerRecord),
      next_actions: nullable(t.array(t.unknown)),
      /** A secret. Null if an SSH key was given. */
      root_password: nullable(t.string),
    }),
  ],
  'HetznerServerEnvelope',
)
export type HetznerServerEnvelope = t.TypeOf<typeof HetznerServerEnvelope>

/** A page of servers. Spec: GET /servers. Decode each element with `HetznerServer`. */
export const HetznerServerPage = t.intersection(
  [t.type({ servers: t.array(t.unknown) }), t.partial(meta)],
  'HetznerServerPage',
)
export type HetznerServerPage = t.TypeOf<typeof HetznerServerPage>

/** One server type: GET /server_types/{id}. Decode it with `HetznerServerType`. */
export const HetznerServerTypeEnvelope = t.type({ server_type: HetznerRecord }, 'HetznerServerTypeEnvelope')
export type HetznerServerTypeEnvelope = t.TypeOf<typeof HetznerServerTypeEnvelope>

/** A page of server types. Spec: GET /server_types. Decode each element with `HetznerServerType`. */
export const HetznerServerTypePage = t.intersection(
  [t.type({ server_types: t.array(t.unknown) }), t.partial(meta)],
  'HetznerServerTypePage',
)
export type HetznerServerTypePage = t.TypeOf<typeof HetznerServerTypePage>

/** One location: GET /locations/{id}. Decode it with `HetznerLocation`. */
export const HetznerLocationEnvelope = t.type({ location: HetznerRecord }, 'HetznerLocationEnvelope')
export type HetznerLocationEnvelope = t.TypeOf<typeof HetznerLocationEnvelope>

/** A page of locations. Spec: GET /locations. Decode each element with `HetznerLocation`. */
export const HetznerLocationPage = t.intersection(
  [t.type({ locations: t.array(t.unknown) }), t.partial(meta)],
  'HetznerLocationPage',
)
export type HetznerLocationPage = t.TypeOf<typeof HetznerLocationPage>
