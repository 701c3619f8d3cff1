import { DateText, nullable } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "nova": opendev.org/openstack/nova, api-ref/source/servers.inc and servers-actions.inc.

/** A server, reduced to its image and the fields required to create an image from it. nova: api-ref/source/servers.inc. */
export const NovaServer = t.intersection(
  [
    t.type({ id: t.string }),
    t.partial({
      name: nullable(t.string),
      /** `ACTIVE`, `SHUTOFF` … */
      status: nullable(t.string),
      /** Current task: `image_snapshot` … */
      'OS-EXT-STS:task_state': nullable(t.string),
      /** The source image: `{ id }`; '' if the server boots from a volume. */
      image: t.unknown,
      /** User-defined metadata. */
      metadata: nullable(t.record(t.string, t.string)),
      tenant_id: nullable(t.string),
      created: nullable(DateText),
      updated: nullable(DateText),
    }),
  ],
  'NovaServer',
)
export type NovaServer = t.TypeOf<typeof NovaServer>

/** GET /servers/{id}. */
export const NovaServerEnvelope = t.type({ server: NovaServer }, 'NovaServerEnvelope')
export type NovaServerEnvelope = t.TypeOf<typeof NovaServerEnvelope>

/** POST /servers/{id}/action with `createImage`, since microversion 2.45. Earlier, the body is empty, and `Location` ends with the ID. nova: api-ref/source/servers-actions.inc. */
export const NovaImageCreated = t.type({ image_id: t.string }, 'NovaImageCreated')
export type NovaImageCreated = t.TypeOf<typeof NovaImageCreated>
