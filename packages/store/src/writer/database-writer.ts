import { constants, copyFileSync, linkSync } from 'node:fs'
import { attempt } from '../attempt.ts'
import type { Database } from '../engines/database.ts'
import { openDatabase } from '../engines/open-database.ts'
import { findFile } from '../file-kind.ts'
import type { DatabaseFileTarget, DatabaseTarget } from '../target.ts'
import { beginDatabaseBatch } from './database-batch.ts'
import { prepareDatabase } from './prepare-database.ts'
import type { StoreWriter, StoreWriterOptions } from './store-writer.ts'
import { createWorkDirectory } from '../work-directory.ts'

/** Gives a new file its name, unless another process has created one meanwhile. `link`: creates a hard link, which replaces no file. */
export const giveName = (temporary: string, path: string, link: typeof linkSync = linkSync): void => {
  try {
    link(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return
    // The file system does not support hard links. Renaming would replace a file that was created meanwhile.
    try {
      copyFileSync(temporary, path, constants.COPYFILE_EXCL)
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
    }
  }
}

const openPrepared = async (target: DatabaseTarget): Promise<Database> => {
  const database = await openDatabase(target, 'write')
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
  const work = createWorkDirectory(target.path)
  try {
    const path = work.file('new')
    await (await openPrepared({ ...target, path })).close()
    giveName(path, target.path)
  } finally {
    work.remove()
  }
}

/** Returns the file of a database, which exists now. */
const findOrCreate = async (target: DatabaseFileTarget): Promise<DatabaseFileTarget> => {
  if (findFile(target.path, target.format) === null) await createFile(target)
  return { ...target, path: findFile(target.path, target.format) ?? target.path }
}

/** Opens a database for writing, and creates missing tables and columns. */
export const openDatabaseWriter = async (
  target: DatabaseTarget,
  { run, mask = (text) => text }: StoreWriterOptions,
): Promise<StoreWriter> => {
  const database = await openPrepared(target.format === 'postgres' ? target : await findOrCreate(target))
  const { title } = database
  return {
    title,
    begin: () => attempt(title, () => beginDatabaseBatch(database, run, mask)),
    close: () => attempt(title, database.close),
    discard: () => database.close().catch(() => undefined),
  }
}
