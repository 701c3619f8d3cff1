import { isWritable } from './is-writable.ts'
import type { OpenSqlite, SqliteValue } from './sqlite-driver.ts'

/** The used part of `node:sqlite`, which the types of Node 20 do not contain. */
interface NodeStatement {
  readonly run: (...values: SqliteValue[]) => { readonly changes: number | bigint }
  readonly iterate: (...values: SqliteValue[]) => IterableIterator<Readonly<Record<string, SqliteValue>>>
}
interface NodeDatabase {
  readonly exec: (sql: string) => void
  readonly prepare: (sql: string) => NodeStatement
  readonly close: () => void
}
interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: { readonly readOnly: boolean }) => NodeDatabase
}

/** Node 22 and 24 print a warning when the module is loaded, which is for developers. */
const withoutWarning = <T>(load: () => T): T => {
  const emitWarning = Object.getOwnPropertyDescriptor(process, 'emitWarning')
  if (emitWarning === undefined) return load()
  Object.defineProperty(process, 'emitWarning', { ...emitWarning, value: () => undefined })
  try {
    return load()
  } finally {
    Object.defineProperty(process, 'emitWarning', emitWarning)
  }
}

/** Opens files with `node:sqlite`; `null`: this Node does not have it. */
export const nodeSqlite = (): OpenSqlite | null => {
  const module = withoutWarning(() => process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined)
  if (module === undefined) return null
  return (path, access) => {
    // Otherwise a reader also repairs a file whose writer was killed.
    const database = new module.DatabaseSync(path, { readOnly: access === 'read' && !isWritable(path) })
    return {
      exec: (sql) => database.exec(sql),
      prepare: (sql) => {
        const statement = database.prepare(sql)
        return {
          run: (values) => Number(statement.run(...values).changes),
          rows: function* (values) {
            for (const row of statement.iterate(...values)) yield Object.values(row)
          },
          close: () => undefined,
        }
      },
      close: () => database.close(),
    }
  }
}
