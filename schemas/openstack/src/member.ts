import { DateText, nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.

/** The member's response to the share. It affects only the member's image list, not access. glance: glance/api/v2/image_members.py, _MEMBER_SCHEMA. */
export const GlanceMemberStatus = openEnum('GlanceMemberStatus', ['pending', 'accepted', 'rejected'])
export type GlanceMemberStatus = t.TypeOf<typeof GlanceMemberStatus>

/** A project that an image is shared with. glance: glance/api/v2/image_members.py, _MEMBER_SCHEMA. */
export const GlanceMember = t.intersection(
  [
    t.type({
      /** Project ID; named `member` in requests. */
      member_id: t.string,
    }),
    t.partial({
      image_id: nullable(t.string),
      status: nullable(GlanceMemberStatus),
      created_at: nullable(DateText),
      updated_at: nullable(DateText),
      schema: nullable(t.string),
    }),
  ],
  'GlanceMember',
)
export type GlanceMember = t.TypeOf<typeof GlanceMember>

/** GET /v2/images/{id}/members, without paging. Decode each element with `GlanceMember`. */
export const GlanceMemberList = t.intersection(
  [t.type({ members: t.array(t.unknown) }), t.partial({ schema: nullable(t.string) })],
  'GlanceMemberList',
)
export type GlanceMemberList = t.TypeOf<typeof GlanceMemberList>
