import { schemas } from './data.ts'
import type { SchemaName } from './types.ts'

export { schemas }
export type { SchemaDocument, SchemaName } from './types.ts'

/** The names of all schemas. A schema follows those that it refers to. */
export const schemaNames: readonly SchemaName[] = Object.keys(schemas) as SchemaName[]
