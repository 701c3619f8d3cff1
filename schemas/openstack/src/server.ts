import { DateText, nullable } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "nova": opendev.org/openstack/nova, api-ref/source/servers.inc and servers-actions.inc.

/** A server, of which imago reads what making an image of it needs, and which image it uses. nova: api-ref/source/servers.inc. */
export const NovaServer = t.intersection(
  [
    t.type({ id: t.string }),
    t.partial({
      name: nullable(t.string),
      /** `ACTIVE`, `SHUTOFF` … */
      status: nullable(t.string),
      /** What is being done to it: `image_snapshot` … */
      'OS-EXT-STS:task_state': nullable(t.string),
      /** What it was made from: `{ id }`; '' where it boots from a volume. */
      image: t.unknown,
      /** What its users wrote about it. */
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

/** POST /servers/{id}/action with `createImage`, since microversion 2.45; before, the body is empty, and the header `Location` ends in the id. nova: api-ref/source/servers-actions.inc. */
export const NovaImageCreated = t.type({ image_id: t.string }, 'NovaImageCreated')
export type NovaImageCreated = t.TypeOf<typeof NovaImageCreated>
