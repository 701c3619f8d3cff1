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

/**
 * Locks a database for this process, and returns a function to unlock it. node-sqlite3-wasm locks a file with the directory `FILE.lock`, which remains after a
 * crash and does not contain its owner. `FILE.owner` does.
 */
export const lockFile = (path: string): (() => void) => {
  const file = `${path}.owner`
  if (!writeOwner(file)) {
    const owner = readOwner(file)
    if (!hasEnded(owner))
      throw new StoreFailure({
        _tag: 'StoreLocked',
        target: path,
        what:
          owner === '' ? 'it is in use by another process' : `it is in use by process ${owner.replace(' ', ' on ')}`,
      })
    rmSync(file, { force: true })
    removeLock(path)
    if (!writeOwner(file))
      throw new StoreFailure({ _tag: 'StoreLocked', target: path, what: 'it is in use by another process' })
  }
  return () => rmSync(file, { force: true })
}

const removeLock = (path: string): void => {
  try {
    rmdirSync(`${path}.lock`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
