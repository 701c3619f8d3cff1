import sqlite from 'node-sqlite3-wasm'
import { lockFile } from './lock-file.ts'
import type { OpenSqlite } from './sqlite-driver.ts'

/** Opens files with SQLite in WebAssembly. Its locks and those of other programs have no effect on each other. */
export const openWasmSqlite: OpenSqlite = (path) => {
  const unlock = lockFile(path)
  const database = new sqlite.Database(path)
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => {
      const statement = database.prepare(sql)
      return {
        run: (values) => statement.run([...values]).changes,
        rows: function* (values) {
          for (const row of statement.iterate([...values])) yield Object.values(row) as never
        },
        close: () => statement.finalize(),
      }
    },
    close: () => {
      database.close()
      unlock()
    },
  }
}
