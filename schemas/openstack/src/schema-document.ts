import { nullable, withRest } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.

/** A JSON Schema, reduced to the keys that imago reads; other keys are kept. */
export const GlanceSchemaProperty = withRest(
  t.partial({
    /** One type, or an array of several. */
    type: t.unknown,
    description: nullable(t.string),
    /** For `disk_format` and `container_format`: the formats that this cloud accepts, and null. */
    enum: nullable(t.array(t.unknown)),
    readOnly: nullable(t.boolean),
    /** Code points. */
    maxLength: nullable(t.number),
    /** Schema of the elements of an array. */
    items: t.unknown,
    /** False for additional properties that the operator documents; absent for base fields. glance: glance/api/v2/images.py, get_schema. */
    is_base: nullable(t.boolean),
  }),
  t.unknown,
  'GlanceSchemaProperty',
)
export type GlanceSchemaProperty = t.TypeOf<typeof GlanceSchemaProperty>

/** GET /v2/schemas/…: the schema of this cloud's records. glance: glance/schema.py, Schema.raw. */
export const GlanceSchema = withRest(
  t.intersection([
    t.type({ properties: t.record(t.string, GlanceSchemaProperty, 'GlanceSchemaProperties') }),
    t.partial({
      /** `image`, `images`, `member` … */
      name: nullable(t.string),
      /** The schema of additional properties, if the records have any. */
      additionalProperties: t.unknown,
      links: t.unknown,
      required: nullable(t.array(t.string)),
    }),
  ]),
  t.unknown,
  'GlanceSchema',
)
export type GlanceSchema = t.TypeOf<typeof GlanceSchema>
