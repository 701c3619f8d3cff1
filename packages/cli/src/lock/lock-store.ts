import { EMPTY_LOCK, parseLock, printLock, type Lock } from '@imago/lock'
import * as E from 'fp-ts/lib/Either.js'
import { rename, rm, writeFile } from 'node:fs/promises'
import { fileProblem, Problem } from '../problem.ts'
import { formatLockCommand } from './lock-command.ts'
import { readText } from './read-file.ts'

/** The content of a lock file. */
export interface StoredLock {
  readonly lock: Lock
  /** `null`: the file does not exist. */
  readonly text: string | null
}

/** Reads a lock file; a missing one is an empty lock. A file that cannot be read ends the command. `imagesFile`: for the hint. */
export const readStoredLock = async (file: string, imagesFile?: string): Promise<StoredLock> => {
  const text = await readText(file)
  if (text === null) return { lock: EMPTY_LOCK, text }
  const lock = parseLock(text)
  if (E.isRight(lock)) return { lock: lock.right, text }
  const { line, problem, isOtherVersion } = lock.left
  const hint = isOtherVersion
    ? 'Use that version of imago'
    : `Correct the file, restore it from version control, or delete it to pin all images again with: ${formatLockCommand('lock', { file: imagesFile, lockFile: file })}`
  throw new Problem(`${file}${line === null ? '' : `, line ${line}`}: ${problem}. ${hint}`)
}

/** Reads a lock file, which must exist. */
export const readExistingLock = async (file: string, imagesFile?: string): Promise<Lock> => {
  const { lock, text } = await readStoredLock(file, imagesFile)
  if (text === null)
    throw new Problem(
      `cannot read ${file}: no such file. To create it, run: ${formatLockCommand('lock', { file: imagesFile, lockFile: file })}`,
    )
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
