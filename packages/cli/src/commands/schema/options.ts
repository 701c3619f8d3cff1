import { choice, type OptionsOf } from '../../command-line/option.ts'

/** Equal to `printableSchemas`, which loads the schemas; a test compares them. */
export const SCHEMAS = [
  'image',
  'images',
  'drift',
  'explanation',
  'fields',
  'clouds',
  'check',
  'capabilities',
  'requests',
  'shares',
  'operations',
  'plan',
  'plans',
  'transfers',
  'runs',
  'fleet',
  'fleet-changes',
  'orphans',
  'expiring',
  'diff',
  'duplicates',
  'prune',
  'servers',
  'usage',
  'lock',
  'pins',
  'verification',
  'resolution',
  'tables',
  'crosswalk',
  'support',
] as const

export const options = {
  sql: choice('<engine>', 'print the SQL statements that create the tables', ['sqlite', 'postgres', 'duckdb']),
}

export type SchemaOptions = OptionsOf<typeof options>
