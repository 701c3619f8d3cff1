import { EMPTY_LOCK, parseLock, printLock, type Lock } from '@imago/lock'
import * as E from 'fp-ts/lib/Either.js'
import { rename, rm, writeFile } from 'node:fs/promises'
import { fileProblem, Problem } from '../problem.ts'
import { readText } from './read-file.ts'

/** The content of a lock file. */
export interface StoredLock {
  readonly lock: Lock
  /** `null`: the file does not exist. */
  readonly text: string | null
}

/** Reads a lock file; a missing one is an empty lock. A file that cannot be read ends the command. */
export const readStoredLock = async (file: string): Promise<StoredLock> => {
  const text = await readText(file)
  if (text === null) return { lock: EMPTY_LOCK, text }
  const lock = parseLock(text)
  if (E.isRight(lock)) return { lock: lock.right, text }
  const { line, problem } = lock.left
  throw new Problem(
    `${file}${line === null ? '' : `, line ${line}`}: ${problem}. Correct the file, or delete it and run: imago lock`,
  )
}

/** Reads a lock file, which must exist. */
export const readExistingLock = async (file: string): Promise<Lock> => {
  const { lock, text } = await readStoredLock(file)
  if (text === null) throw new Problem(`cannot read ${file}: no such file. To create it, run: imago lock`)
  return lock
}

/** Writes a lock file atomically. */
export const writeLock = async (file: string, lock: Lock): Promise<void> => {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    await writeFile(temporary, printLock(lock), { flag: 'wx' })
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw fileProblem('write', file, error)
  }
}
