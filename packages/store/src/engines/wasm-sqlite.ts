import sqlite from 'node-sqlite3-wasm'
import { copyFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWorkDirectory } from '../work-directory.ts'
import { isWritable } from './is-writable.ts'
import { lockFile } from './lock-file.ts'
import type { OpenSqlite, SqliteDriver } from './sqlite-driver.ts'

const JOURNAL = '-journal'

const openLocked = (path: string): SqliteDriver => {
  const unlock = lockFile(path)
  const database = ((): InstanceType<typeof sqlite.Database> => {
    try {
      return new sqlite.Database(path)
    } catch (thrown) {
      unlock()
      throw thrown
    }
  })()
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

/** Opens a copy, because SQLite in WebAssembly cannot lock a file in a directory without write access. */
const openCopy = (path: string): SqliteDriver => {
  const work = createWorkDirectory(join(tmpdir(), 'imago-sqlite'))
  const copy = work.file('copy.db')
  try {
    copyFileSync(path, copy)
    if (existsSync(path + JOURNAL)) copyFileSync(path + JOURNAL, copy + JOURNAL)
    const driver = openLocked(copy)
    return {
      ...driver,
      close: () => {
        driver.close()
        work.remove()
      },
    }
  } catch (thrown) {
    work.remove()
    throw thrown
  }
}

/** Opens files with SQLite in WebAssembly. Its locks and those of other programs have no effect on each other. */
export const openWasmSqlite: OpenSqlite = (path, access) =>
  access === 'read' && !isWritable(path) ? openCopy(path) : openLocked(path)
