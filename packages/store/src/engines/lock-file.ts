import { readFileSync, rmSync, rmdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { StoreFailure } from '../error.ts'

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const readOwner = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Whether the process that wrote `PID HOST` is known to have ended. */
const hasEnded = (owner: string): boolean => {
  const [, pid, host] = /^(\d{1,10}) (\S+)$/.exec(owner) ?? []
  return pid !== undefined && host === hostname() && !isRunning(Number(pid))
}

const writeOwner = (file: string): boolean => {
  try {
    writeFileSync(file, `${process.pid} ${hostname()}`, { flag: 'wx' })
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
        what: `in use by process ${owner === '' ? '(unknown)' : owner.replace(' ', ' on ')}`,
      })
    rmSync(file, { force: true })
    removeLock(path)
    if (!writeOwner(file))
      throw new StoreFailure({ _tag: 'StoreLocked', target: path, what: 'in use by another process' })
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
