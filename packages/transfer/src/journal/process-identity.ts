import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Which process holds a lock. A process id alone is used again after a while. */
export interface ProcessIdentity {
  readonly host: string
  readonly pid: number
  /** When it started, as the system counts; `null`: the system does not say. */
  readonly started: string | null
}

/** What Linux says of a process. */
interface Stat {
  /** `Z`: it has ended, and its parent has not asked for it yet. */
  readonly state: string
  /** In ticks since the start of the machine. */
  readonly started: string | null
}

/** Fields 3 and 22 of /proc/PID/stat; proc_pid_stat(5). The name before them may hold anything. `null`: the system does not say. */
const statOf = (pid: number): Stat | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', started: fields[19] ?? null }
  } catch {
    return null
  }
}

/** Ended, though its number is not free: where nobody asks for it, as in many containers, it stays so. */
const ENDED: ReadonlySet<string> = new Set(['Z', 'X', 'x'])

export const thisProcess = (): ProcessIdentity => ({
  host: hostname(),
  pid: process.pid,
  started: statOf(process.pid)?.started ?? null,
})

/** Whether that process still runs; `null`: it is of another machine, so nobody here can tell. */
export const isRunning = ({ host, pid, started }: ProcessIdentity): boolean | null => {
  if (host !== hostname()) return null
  try {
    process.kill(pid, 0)
  } catch (thrown) {
    // A process of another user is there all the same.
    if ((thrown as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = statOf(pid)
  if (now === null) return true
  return !ENDED.has(now.state) && (started === null || now.started === null || now.started === started)
}

/** How the holder of a lock is known; given, so that a dead process can be tried without one. */
export interface Processes {
  readonly self: () => ProcessIdentity
  readonly isRunning: (process: ProcessIdentity) => boolean | null
}

export const REAL_PROCESSES: Processes = { self: thisProcess, isRunning }
