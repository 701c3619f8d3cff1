import { Count, DateText, nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'
import { HetznerArchitecture, HetznerDeprecation } from './image.ts'
import { HetznerMeta } from './pagination.ts'
import { HetznerRecord } from './record.ts'

// Sources: "spec": Hetzner's OpenAPI document (docs.hetzner.cloud/cloud.spec.json), as of June and September 2026.

/** `private` ISOs are added by Hetzner's support. Spec: ISO.type. */
export const HetznerIsoType = openEnum('HetznerIsoType', ['public', 'private'])
export type HetznerIsoType = t.TypeOf<typeof HetznerIsoType>

/** An ISO, which can be attached to a server. Unlike `HetznerImage`, it has neither size nor date. Read-only. Spec: ISO. */
export const HetznerIso = t.intersection(
  [
    t.type({ id: Count }),
    t.partial({
      /** Set for public ISOs only. */
      name: nullable(t.string),
      description: nullable(t.string),
      type: nullable(HetznerIsoType),
      /** Null: any. */
      architecture: nullable(HetznerArchitecture),
      deprecation: nullable(HetznerDeprecation),
      /** Replaced by `deprecation` and removed from the API in January 2024. */
      deprecated: nullable(DateText),
    }),
  ],
  'HetznerIso',
)
export type HetznerIso = t.TypeOf<typeof HetznerIso>

/** One ISO: GET /isos/{id}. Decode it with `HetznerIso`. */
export const HetznerIsoEnvelope = t.type({ iso: HetznerRecord }, 'HetznerIsoEnvelope')
export type HetznerIsoEnvelope = t.TypeOf<typeof HetznerIsoEnvelope>

/** A page of ISOs. Spec: GET /isos. Decode each element with `HetznerIso`. */
export const HetznerIsoPage = t.intersection(
  [t.type({ isos: t.array(t.unknown) }), t.partial({ meta: nullable(HetznerMeta) })],
  'HetznerIsoPage',
)
export type HetznerIsoPage = t.TypeOf<typeof HetznerIsoPage>
