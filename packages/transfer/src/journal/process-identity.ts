import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Which process holds a lock. A process id alone is used again after a while. */
export interface ProcessIdentity {
  readonly host: string
  readonly pid: number
  /** When it started, as the system counts; `null`: the system does not say. */
  readonly started: string | null
}

/** Linux: field 22 of /proc/PID/stat, in ticks since the start of the machine; proc_pid_stat(5). The name before it may hold anything. */
const startedOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

export const thisProcess = (): ProcessIdentity => ({ host: hostname(), pid: process.pid, started: startedOf(process.pid) })

/** Whether that process still runs; `null`: it is of another machine, so nobody here can tell. */
export const isRunning = ({ host, pid, started }: ProcessIdentity): boolean | null => {
  if (host !== hostname()) return null
  try {
    process.kill(pid, 0)
  } catch (thrown) {
    // A process of another user is there all the same.
    if ((thrown as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = startedOf(pid)
  return started === null || now === null || now === started
}

/** How the holder of a lock is known; given, so that a dead process can be tried without one. */
export interface Processes {
  readonly self: () => ProcessIdentity
  readonly isRunning: (process: ProcessIdentity) => boolean | null
}

export const REAL_PROCESSES: Processes = { self: thisProcess, isRunning }
