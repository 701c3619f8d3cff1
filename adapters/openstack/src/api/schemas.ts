import type { ImageResult } from '@imago/core/provider'
import { GlanceSchema } from '@imago/schema-openstack'
import type { Caller, CallOptions } from './call.ts'

/** Names of the schemas that Glance publishes. */
export type SchemaName =
  | 'image'
  | 'images'
  | 'member'
  | 'members'
  | 'task'
  | 'tasks'
  | `metadefs/${'namespace' | 'namespaces' | 'resource_type' | 'resource_types' | 'property' | 'properties' | 'object' | 'objects' | 'tag' | 'tags'}`

/** `/v2/schemas`: the fields and formats of this cloud's records. */
export interface SchemasApi {
  readonly get: (name: SchemaName, options?: CallOptions) => ImageResult<GlanceSchema>
}

export const schemasApi = (caller: Caller): SchemasApi => ({
  get: (name, options) =>
    caller.decoded(
      GlanceSchema,
      { name: 'schemas.get', method: 'GET', path: ['v2', 'schemas', ...name.split('/')], subject: `schema ${name}` },
      options,
    ),
})
