import { hostname } from 'node:os'

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** This process as text: `PID HOST`. */
export const ownProcess = (): string => `${process.pid} ${hostname()}`

/** Whether the process that wrote `PID HOST` is known to have ended. */
export const hasEnded = (owner: string): boolean => {
  const [, pid, host] = /^(\d{1,10}) (\S+)$/.exec(owner) ?? []
  return pid !== undefined && host === hostname() && !isRunning(Number(pid))
}
