/** The names of the schemas of imago's output, as in `urn:imago:schema:NAME:1`. */
export type SchemaName =
  | 'image'
  | 'images'
  | 'drift'
  | 'explanation'
  | 'fields'
  | 'clouds'
  | 'check'
  | 'capabilities'
  | 'requests'
  | 'shares'
  | 'operations'
  | 'plan'
  | 'plans'
  | 'transfers'
  | 'runs'
  | 'fleet'
  | 'fleet-changes'
  | 'orphans'
  | 'expiring'
  | 'diff'
  | 'duplicates'
  | 'prune'
  | 'servers'
  | 'usage'
  | 'lock'
  | 'pins'
  | 'verification'
  | 'resolution'
  | 'tables'

/** A JSON Schema 2020-12 document, with the keywords that every schema here has. */
export interface SchemaDocument {
  readonly $schema: 'https://json-schema.org/draft/2020-12/schema'
  /** Its URN. Its last part is the major version. */
  readonly $id: `urn:imago:schema:${SchemaName}:${number}`
  readonly title: string
  readonly description: string
  readonly type: 'object'
  readonly required: readonly string[]
  readonly properties: Readonly<Record<string, unknown>>
  readonly patternProperties?: Readonly<Record<string, unknown>>
  readonly $defs?: Readonly<Record<string, unknown>>
}
