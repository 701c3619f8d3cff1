import { definitions } from './definition.ts'
import { dialects, type DialectName } from './dialect.ts'

/** The SQL statements that create the tables in a database. */
export const tablesSql = (dialect: DialectName): string =>
  definitions(dialects[dialect])
    .map((statement) => `${statement};\n`)
    .join('\n')
