import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ImageException, isJsonObject } from '@imago/core'
import { currentUser, isRunning, privateDirectory, thisProcess, type ProcessIdentity } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { FLEET_SITE } from '../database/database-error.ts'

const PREFIX = 'worker-'
const OWNER = 'owner.json'

const readOwner = async (path: string): Promise<ProcessIdentity | null> => {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (!isJsonObject(value)) return null
    const { host, pid, started } = value
    return typeof host === 'string' && typeof pid === 'number' && (started === null || typeof started === 'string')
      ? { host, pid, started }
      : null
  } catch {
    return null
  }
}

/** A spool directory that only this process uses. */
export interface OwnSpool {
  readonly dir: string
  readonly remove: () => Promise<void>
}

/**
 * Creates a spool for this process below `root`, because a paused process that continues must not write to files of the one that has taken its run. Deletes
 * those of processes of this machine that have ended. Throws an `ImageException` if `root` is not private.
 */
export const openOwnSpool = async (root: string): Promise<OwnSpool> => {
  const checked = await privateDirectory(root, { site: FLEET_SITE, user: currentUser(), what: 'the spool' })
  if (E.isLeft(checked)) throw new ImageException(checked.left)
  const own = checked.right
  for (const name of (await readdir(own)).filter((one) => one.startsWith(PREFIX))) {
    const owner = await readOwner(join(own, name, OWNER))
    if (owner !== null && isRunning(owner) === false) await rm(join(own, name), { recursive: true, force: true })
  }
  const folder = join(own, `${PREFIX}${randomUUID()}`)
  await mkdir(folder, { mode: 0o700 })
  await writeFile(join(folder, OWNER), JSON.stringify(thisProcess()), { mode: 0o600 })
  return { dir: join(folder, 'spool'), remove: () => rm(folder, { recursive: true, force: true }) }
}
