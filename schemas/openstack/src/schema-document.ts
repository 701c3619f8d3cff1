import { nullable, withRest } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.

/** A JSON Schema, of which imago reads the keys stated; any other is let through. */
export const GlanceSchemaProperty = withRest(
  t.partial({
    /** One word, or several in an array. */
    type: t.unknown,
    description: nullable(t.string),
    /** In `disk_format` and `container_format`: the formats this cloud takes, and null. */
    enum: nullable(t.array(t.unknown)),
    readOnly: nullable(t.boolean),
    /** Code points. */
    maxLength: nullable(t.number),
    /** Of an array: the schema of each element. */
    items: t.unknown,
    /** False: an additional property that the operator documents, no base field. Absent from base fields. glance: glance/api/v2/images.py, get_schema. */
    is_base: nullable(t.boolean),
  }),
  t.unknown,
  'GlanceSchemaProperty',
)
export type GlanceSchemaProperty = t.TypeOf<typeof GlanceSchemaProperty>

/** GET /v2/schemas/…: what this cloud's records look like. glance: glance/schema.py, Schema.raw. */
export const GlanceSchema = withRest(
  t.intersection([
    t.type({ properties: t.record(t.string, GlanceSchemaProperty, 'GlanceSchemaProperties') }),
    t.partial({
      /** `image`, `images`, `member` … */
      name: nullable(t.string),
      /** Of records with properties of users: the schema of one. */
      additionalProperties: t.unknown,
      links: t.unknown,
      required: nullable(t.array(t.string)),
    }),
  ]),
  t.unknown,
  'GlanceSchema',
)
export type GlanceSchema = t.TypeOf<typeof GlanceSchema>
