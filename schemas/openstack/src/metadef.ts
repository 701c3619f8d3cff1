import { DateText, nullable } from '@imago/codec'
import * as t from 'io-ts'
import { listLinks } from './image-list.ts'
import { GlanceSchemaProperty } from './schema-document.ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.
// Metadata definitions: the operator's catalog of properties for images, flavors and volumes.

/** The resource type that a definition applies to (`OS::Glance::Image`), and the prefix of its properties there (`hw_`). glance: glance/api/v2/model/metadef_resource_type.py. */
export const GlanceMetadefResourceType = t.intersection(
  [
    t.type({ name: t.string }),
    t.partial({
      prefix: nullable(t.string),
      properties_target: nullable(t.string),
      created_at: nullable(DateText),
      updated_at: nullable(DateText),
    }),
  ],
  'GlanceMetadefResourceType',
)
export type GlanceMetadefResourceType = t.TypeOf<typeof GlanceMetadefResourceType>

/** Property definitions by name, without the prefix. GET /v2/metadefs/namespaces/{namespace}/properties. */
export const GlanceMetadefPropertyList = t.type(
  { properties: t.record(t.string, GlanceSchemaProperty, 'GlanceMetadefProperties') },
  'GlanceMetadefPropertyList',
)
export type GlanceMetadefPropertyList = t.TypeOf<typeof GlanceMetadefPropertyList>

/** A namespace of definitions. Lists omit `properties`, `objects` and `tags`. glance: glance/api/v2/metadef_namespaces.py, _get_base_properties. */
export const GlanceMetadefNamespace = t.intersection(
  [
    t.type({
      /** Unique name: `OS::Compute::Watchdog`. */
      namespace: t.string,
    }),
    t.partial({
      display_name: nullable(t.string),
      description: nullable(t.string),
      visibility: nullable(t.string),
      protected: nullable(t.boolean),
      owner: nullable(t.string),
      created_at: nullable(DateText),
      updated_at: nullable(DateText),
      resource_type_associations: nullable(t.array(GlanceMetadefResourceType)),
      properties: nullable(GlanceMetadefPropertyList.props.properties),
      objects: t.unknown,
      tags: t.unknown,
      self: nullable(t.string),
      schema: nullable(t.string),
    }),
  ],
  'GlanceMetadefNamespace',
)
export type GlanceMetadefNamespace = t.TypeOf<typeof GlanceMetadefNamespace>

/** GET /v2/metadefs/namespaces. Decode each element with `GlanceMetadefNamespace`. */
export const GlanceMetadefNamespaceList = t.intersection(
  [t.type({ namespaces: t.array(t.unknown) }), t.partial(listLinks)],
  'GlanceMetadefNamespaceList',
)
export type GlanceMetadefNamespaceList = t.TypeOf<typeof GlanceMetadefNamespaceList>

/** GET /v2/metadefs/resource_types. Decode each element with `GlanceMetadefResourceType`. */
export const GlanceMetadefResourceTypeList = t.type(
  { resource_types: t.array(t.unknown) },
  'GlanceMetadefResourceTypeList',
)
export type GlanceMetadefResourceTypeList = t.TypeOf<typeof GlanceMetadefResourceTypeList>

/** A group of property definitions. glance: glance/api/v2/metadef_objects.py, _get_base_properties. */
export const GlanceMetadefObject = t.intersection(
  [
    t.type({ name: t.string }),
    t.partial({
      description: nullable(t.string),
      required: nullable(t.array(t.string)),
      properties: nullable(GlanceMetadefPropertyList.props.properties),
      created_at: nullable(DateText),
      updated_at: nullable(DateText),
      self: nullable(t.string),
      schema: nullable(t.string),
    }),
  ],
  'GlanceMetadefObject',
)
export type GlanceMetadefObject = t.TypeOf<typeof GlanceMetadefObject>

/** GET /v2/metadefs/namespaces/{namespace}/objects. Decode each element with `GlanceMetadefObject`. */
export const GlanceMetadefObjectList = t.intersection(
  [t.type({ objects: t.array(t.unknown) }), t.partial(listLinks)],
  'GlanceMetadefObjectList',
)
export type GlanceMetadefObjectList = t.TypeOf<typeof GlanceMetadefObjectList>
