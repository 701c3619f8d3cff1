import { Amount, Count, DateText, nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'
import { HetznerMeta } from './pagination.ts'
import { HetznerRecord } from './record.ts'

// Sources: "spec": Hetzner's OpenAPI document (docs.hetzner.cloud/cloud.spec.json), as of June and September 2026.

/** Spec: Action.status. */
export const HetznerActionStatus = openEnum('HetznerActionStatus', ['running', 'success', 'error'])
export type HetznerActionStatus = t.TypeOf<typeof HetznerActionStatus>

/** Spec: Action.error. `code` is one of `HetznerErrorCode`, or `action_failed`. */
export const HetznerActionError = t.partial(
  { code: nullable(t.string), message: nullable(t.string) },
  'HetznerActionError',
)
export type HetznerActionError = t.TypeOf<typeof HetznerActionError>

/** A resource of an action: `{ id: 4711, type: 'image' }`. Spec: Action.resources. */
export const HetznerActionResource = t.partial(
  { id: nullable(Count), type: nullable(t.string) },
  'HetznerActionResource',
)
export type HetznerActionResource = t.TypeOf<typeof HetznerActionResource>

/** An asynchronous operation. Only the keys needed to wait for it are required. Spec: Action. */
export const HetznerAction = t.intersection(
  [
    t.type({
      id: Count,
      status: HetznerActionStatus,
    }),
    t.partial({
      /** `create_image`, `change_protection`, `rebuild_server` and many more. */
      command: nullable(t.string),
      /** Percent. */
      progress: nullable(Amount),
      started: nullable(DateText),
      /** Null while running. */
      finished: nullable(DateText),
      resources: nullable(t.array(HetznerActionResource)),
      /** Does not mean failure, only `status` does: in the spec's examples, running and successful actions have an error, too. */
      error: nullable(HetznerActionError),
    }),
  ],
  'HetznerAction',
)
export type HetznerAction = t.TypeOf<typeof HetznerAction>

/** One action: GET /actions/{id} and POST …/actions/…. Decode it with `HetznerAction`. */
export const HetznerActionEnvelope = t.intersection(
  [
    t.type({ action: HetznerRecord }),
    t.partial({
      /** A secret. From `enable_rescue`, and from `rebuild` without an SSH key. */
      root_password: nullable(t.string),
    }),
  ],
  'HetznerActionEnvelope',
)
export type HetznerActionEnvelope = t.TypeOf<typeof HetznerActionEnvelope>

/** A page of actions. Decode each element with `HetznerAction`. */
export const HetznerActionPage = t.intersection(
  [
    t.type({ actions: t.array(t.unknown) }),
    t.partial({
      /** Absent from `GET /actions?id=…`, which has no pages. */
      meta: nullable(HetznerMeta),
    }),
  ],
  'HetznerActionPage',
)
export type HetznerActionPage = t.TypeOf<typeof HetznerActionPage>
