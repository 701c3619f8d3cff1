import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Identifies a process. The system reuses process IDs, so the start time is part of it. */
export interface ProcessIdentity {
  readonly host: string
  readonly pid: number
  /** Start time in the system's units; `null`: unknown. */
  readonly started: string | null
}

/** The state of a Linux process. */
interface Stat {
  /** `Z`: it has ended, but its parent has not waited for it. */
  readonly state: string
  /** In ticks since boot. */
  readonly started: string | null
}

/** Reads fields 3 and 22 of /proc/PID/stat, proc_pid_stat(5). The process name before them may contain anything. `null`: not available. */
const readStat = (pid: number): Stat | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', started: fields[19] ?? null }
  } catch {
    return null
  }
}

/** States of processes that have ended. Zombies persist in containers without an init process. */
const ENDED: ReadonlySet<string> = new Set(['Z', 'X', 'x'])

export const thisProcess = (): ProcessIdentity => ({
  host: hostname(),
  pid: process.pid,
  started: readStat(process.pid)?.started ?? null,
})

/** Whether the process is running; `null`: it is on another machine, so this is unknown. */
export const isRunning = ({ host, pid, started }: ProcessIdentity): boolean | null => {
  if (host !== hostname()) return null
  try {
    process.kill(pid, 0)
  } catch (thrown) {
    // EPERM: it runs, as another user.
    if ((thrown as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = readStat(pid)
  if (now === null) return true
  return !ENDED.has(now.state) && (started === null || now.started === null || now.started === started)
}

/** Identifies processes. A parameter, so that tests need no dead process. */
export interface Processes {
  readonly self: () => ProcessIdentity
  readonly isRunning: (process: ProcessIdentity) => boolean | null
}

export const REAL_PROCESSES: Processes = { self: thisProcess, isRunning }
