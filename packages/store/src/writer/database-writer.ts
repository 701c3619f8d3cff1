import { existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { attempt } from '../attempt.ts'
import type { Database } from '../engines/database.ts'
import { openDatabase } from '../engines/open-database.ts'
import type { DatabaseFileTarget, DatabaseTarget } from '../target.ts'
import { beginDatabaseBatch } from './database-batch.ts'
import { prepareDatabase } from './prepare-database.ts'
import type { StoreWriter, StoreWriterOptions } from './store-writer.ts'
import { temporaryName } from '../temporary-file.ts'

/** Renames a new file, unless another process has created one meanwhile. */
const giveName = (temporary: string, path: string): void => {
  try {
    linkSync(temporary, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    // The file system does not support hard links.
    renameSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}

const openPrepared = async (target: DatabaseTarget): Promise<Database> => {
  const database = await openDatabase(target)
  try {
    await prepareDatabase(database)
    return database
  } catch (thrown) {
    await database.close().catch(() => undefined)
    throw thrown
  }
}

/** A file gets its name once it has tables, so that a killed process leaves no invalid store. */
const createFile = async (target: DatabaseFileTarget): Promise<void> => {
  const path = temporaryName(target.path)
  try {
    await (await openPrepared({ ...target, path })).close()
    giveName(path, target.path)
  } finally {
    rmSync(path, { force: true })
  }
}

/** Opens a database for writing, and creates missing tables and columns. */
export const openDatabaseWriter = async (
  target: DatabaseTarget,
  { run, mask = (text) => text }: StoreWriterOptions,
): Promise<StoreWriter> => {
  if (target.format !== 'postgres' && !existsSync(target.path)) await createFile(target)
  const database = await openPrepared(target)
  const { title } = database
  return {
    title,
    begin: () => attempt(title, () => beginDatabaseBatch(database, run, mask)),
    close: () => attempt(title, database.close),
    discard: () => database.close().catch(() => undefined),
  }
}
