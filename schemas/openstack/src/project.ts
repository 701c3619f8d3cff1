import { nullable, withRest } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "keystone": opendev.org/openstack/keystone at 30ef2ffa6 (July 2026), keystone/resource/schema.py.

/** A project that can be selected as a scope. Keys added by operators are kept. */
export const KeystoneProject = withRest(
  t.intersection([
    t.type({ id: t.string }),
    t.partial({
      name: nullable(t.string),
      domain_id: nullable(t.string),
      description: nullable(t.string),
      enabled: nullable(t.boolean),
      parent_id: nullable(t.string),
      is_domain: nullable(t.boolean),
      tags: nullable(t.array(t.string)),
    }),
  ]),
  t.unknown,
  'KeystoneProject',
)
export type KeystoneProject = t.TypeOf<typeof KeystoneProject>

/** GET /v3/auth/projects: the projects that the token can be rescoped to. Decode each element with `KeystoneProject`. */
export const KeystoneProjectList = t.intersection(
  [t.type({ projects: t.array(t.unknown) }), t.partial({ links: t.unknown })],
  'KeystoneProjectList',
)
export type KeystoneProjectList = t.TypeOf<typeof KeystoneProjectList>
