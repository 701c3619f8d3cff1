import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { hasEnded, ownProcess } from './process-owner.ts'

const OWNER = 'owner'
const SUFFIX = '.tmp'
const PRIVATE = 0o700

/** A directory of this process beside a file, for incomplete and temporary files. */
export interface WorkDirectory {
  /** The path of a file in it. */
  readonly file: (name: string) => string
  readonly remove: () => void
}

const readOwner = (directory: string): string => {
  try {
    return readFileSync(join(directory, OWNER), 'utf8')
  } catch {
    return ''
  }
}

/** Deletes the work directories of killed processes. */
const removeAbandoned = (folder: string, prefix: string): void => {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(SUFFIX)) continue
    const directory = join(folder, name)
    if (hasEnded(readOwner(directory))) rmSync(directory, { recursive: true, force: true })
  }
}

/** Creates `.NAME.XXXXXXXX.tmp` beside a file: on its file system, because the one of `/tmp` may be small, or in memory. */
export const createWorkDirectory = (path: string): WorkDirectory => {
  const folder = dirname(path)
  const prefix = `.${basename(path)}.`
  removeAbandoned(folder, prefix)
  const directory = join(folder, `${prefix}${randomBytes(4).toString('hex')}${SUFFIX}`)
  const remove = (): void => rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { mode: PRIVATE })
  try {
    writeFileSync(join(directory, OWNER), ownProcess())
  } catch (thrown) {
    remove()
    throw thrown
  }
  return { file: (name) => join(directory, name), remove }
}
