import { readFileSync, rmSync, rmdirSync, writeFileSync } from 'node:fs'
import { StoreFailure } from '../error.ts'
import { hasEnded, ownProcess } from '../process-owner.ts'

const readOwner = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const writeOwner = (file: string): boolean => {
  try {
    writeFileSync(file, ownProcess(), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** A process that ends while it takes over a lock leaves one more file. So many are not left by chance. */
const MAX_TAKEOVERS = 8

/**
 * Writes the file if no other running process has. Returns the other process, as `PID HOST`; `null`: the file is that of this process.
 * `takeOver`: called before the file of a process that has ended is replaced.
 */
const acquire = (file: string, takeOver: () => void, takeovers = 0): string | null => {
  if (writeOwner(file)) return null
  const owner = readOwner(file)
  if (!hasEnded(owner) || takeovers === MAX_TAKEOVERS) return owner
  // If two processes found that the owner has ended, the slower one would delete the lock of the faster one.
  const takeover = `${file}.takeover`
  const other = acquire(takeover, () => undefined, takeovers + 1)
  if (other !== null) return other
  try {
    if (hasEnded(readOwner(file))) {
      takeOver()
      rmSync(file, { force: true })
    }
    return writeOwner(file) ? null : readOwner(file)
  } finally {
    rmSync(takeover, { force: true })
  }
}

const removeLock = (path: string): void => {
  try {
    rmdirSync(`${path}.lock`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/**
 * Locks a database for this process, and returns a function to unlock it. node-sqlite3-wasm locks a file with the directory `FILE.lock`, which remains after a
 * crash and does not contain its owner. `FILE.owner` does.
 */
export const lockFile = (path: string): (() => void) => {
  const file = `${path}.owner`
  const other = acquire(file, () => removeLock(path))
  if (other !== null)
    throw new StoreFailure({
      _tag: 'StoreLocked',
      target: path,
      what: other === '' ? 'it is in use by another process' : `it is in use by process ${other.replace(' ', ' on ')}`,
    })
  return () => rmSync(file, { force: true })
}
