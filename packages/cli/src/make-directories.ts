import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const readCode = (thrown: unknown): string | undefined => (thrown as NodeJS.ErrnoException).code

/** Creates a directory unless it exists. Throws the error of the system, such as `ENOENT` if the parent does not exist. */
export const makeDirectory = (path: string, mode = 0o777): void => {
  try {
    mkdirSync(path, { mode })
  } catch (thrown) {
    if (readCode(thrown) !== 'EEXIST' || !statSync(path).isDirectory()) throw thrown
  }
}

/** Creates a directory and its missing parents. One level at a time: Node's recursive mkdir never returns for some paths below /proc. */
export const makeDirectories = (path: string): void => {
  try {
    makeDirectory(path)
  } catch (thrown) {
    const parent = dirname(path)
    if (readCode(thrown) !== 'ENOENT' || parent === path) throw thrown
    makeDirectories(parent)
    makeDirectory(path)
  }
}
