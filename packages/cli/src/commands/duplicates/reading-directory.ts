import { createErrorSite } from '@imago/core'
import { currentUser, isRunning, privateDirectory } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { toProblem } from '../../live-problem.ts'

/** `disks-HOST-PID-XXXXXX`: the name contains the owner, so that a directory never lacks it. */
const NAME = /^disks-(.+)-(\d{1,10})-[^-]{6}$/

const SITE = createErrorSite({ provider: 'imago', cloud: null }, 'create spool')

/** Whether this user's process on this machine created the directory and has ended. */
const isAbandoned = async (path: string, name: string): Promise<boolean> => {
  const [, host, pid] = NAME.exec(name) ?? []
  if (host === undefined || isRunning({ host, pid: Number(pid), started: null }) !== false) return false
  const info = await lstat(path).catch(() => null)
  return info !== null && info.isDirectory() && info.uid === (process.getuid?.() ?? info.uid)
}

/** Deletes the directories of killed processes. */
const deleteAbandoned = async (spoolDir: string): Promise<void> => {
  for (const name of await readdir(spoolDir)) {
    const path = join(spoolDir, name)
    if (await isAbandoned(path, name)) await rm(path, { recursive: true, force: true })
  }
}

/**
 * Creates a directory in the spool for disks and journals of this process, which only this user may read. Throws a `Problem` for a spool of
 * another user, as transfers do.
 */
export const createReadingDirectory = async (spoolDir: string): Promise<string> => {
  const user = currentUser()
  const ownFolder = user.uid === null ? undefined : `imago-${user.uid}`
  const spool = await privateDirectory(spoolDir, { site: SITE, user, what: 'the spool', ownFolder })
  if (E.isLeft(spool)) throw toProblem(spool.left)
  await deleteAbandoned(spool.right)
  return mkdtemp(join(spool.right, `disks-${hostname()}-${process.pid}-`))
}
