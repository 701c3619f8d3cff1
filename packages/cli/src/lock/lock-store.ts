import { EMPTY_LOCK, parseLock, printLock, type Lock } from '@imago/lock'
import * as E from 'fp-ts/lib/Either.js'
import { rename, rm, writeFile } from 'node:fs/promises'
import { fileProblem, Problem } from '../problem.ts'
import { readText } from './read-file.ts'

/** A lock file as it stands. */
export interface StoredLock {
  readonly lock: Lock
  /** `null`: there is no file. */
  readonly text: string | null
}

/** The lock in a file, an empty one where there is no file. One that cannot be read ends the command. */
export const readStoredLock = async (file: string): Promise<StoredLock> => {
  const text = await readText(file)
  if (text === null) return { lock: EMPTY_LOCK, text }
  const lock = parseLock(text)
  if (E.isRight(lock)) return { lock: lock.right, text }
  const { line, problem } = lock.left
  throw new Problem(
    `${file}${line === null ? '' : `, line ${line}`}: ${problem}. Correct or remove these lines, then run: imago lock`,
  )
}

/** The lock in a file that must be there. */
export const readExistingLock = async (file: string): Promise<Lock> => {
  const { lock, text } = await readStoredLock(file)
  if (text === null) throw new Problem(`cannot read ${file}: no such file. To create it, run: imago lock`)
  return lock
}

/** Writes a lock file whole or not at all. */
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
