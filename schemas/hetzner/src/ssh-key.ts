import { DateText, Count, nullable } from '@imago/codec'
import * as t from 'io-ts'
import { HetznerLabels } from './image.ts'
import { HetznerMeta } from './pagination.ts'
import { HetznerRecord } from './record.ts'

// Sources: "spec": Hetzner's OpenAPI document (docs.hetzner.cloud/cloud.spec.json), as of June and September 2026.

/** A public key for servers and rescue systems. Spec: SSHKey. */
export const HetznerSshKey = t.intersection(
  [
    t.type({ id: Count }),
    t.partial({
      /** Unique in the project. */
      name: nullable(t.string),
      /** MD5, for example `b7:2f:30:a0:2f:6c:58:6c:21:04:58:61:ba:06:3b:2f`. */
      fingerprint: nullable(t.string),
      /** In OpenSSH's format. */
      public_key: nullable(t.string),
      labels: nullable(HetznerLabels),
      created: nullable(DateText),
    }),
  ],
  'HetznerSshKey',
)
export type HetznerSshKey = t.TypeOf<typeof HetznerSshKey>

/** One key: GET and PUT /ssh_keys/{id}, POST /ssh_keys. Decode it with `HetznerSshKey`. */
export const HetznerSshKeyEnvelope = t.type({ ssh_key: HetznerRecord }, 'HetznerSshKeyEnvelope')
export type HetznerSshKeyEnvelope = t.TypeOf<typeof HetznerSshKeyEnvelope>

/** A page of keys. Spec: GET /ssh_keys. Decode each element with `HetznerSshKey`. */
export const HetznerSshKeyPage = t.intersection(
  [t.type({ ssh_keys: t.array(t.unknown) }), t.partial({ meta: nullable(HetznerMeta) })],
  'HetznerSshKeyPage',
)
export type HetznerSshKeyPage = t.TypeOf<typeof HetznerSshKeyPage>
