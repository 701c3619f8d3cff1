import { lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** `disks-HOST-PID-XXXXXX`: the name contains the owner, so that a directory never lacks it. */
const NAME = /^disks-(.+)-(\d{1,10})-[^-]{6}$/

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether this user's process on this machine created the directory and has ended. */
const isAbandoned = async (path: string, name: string): Promise<boolean> => {
  const [, host, pid] = NAME.exec(name) ?? []
  if (host !== hostname() || pid === undefined || isRunning(Number(pid))) return false
  // A spool may be in a directory that others may write to.
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

/** Creates a directory in the spool for disks and journals of this process, which only this user may read. */
export const createReadingDirectory = async (spoolDir: string): Promise<string> => {
  await mkdir(spoolDir, { recursive: true, mode: 0o700 })
  await deleteAbandoned(spoolDir)
  return mkdtemp(join(spoolDir, `disks-${hostname()}-${process.pid}-`))
}
