// Processes, as listed by Linux in /proc.
import { readFileSync, readdirSync } from 'node:fs'

const read = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** The start time in clock ticks since boot, which identifies a process together with its ID. `null`: it has ended, or is a zombie. */
export const startTime = (pid) => {
  const stat = read(`/proc/${pid}/stat`)
  const fields = stat?.slice(stat.lastIndexOf(') ') + 2).split(' ')
  return fields === undefined || fields[0] === 'Z' ? null : fields[19]
}

/** Returns this user's lab servers: each runs a program of lab/server, and has its state directory in its environment. */
export const labServers = () =>
  readdirSync('/proc')
    .filter(
      (name) =>
        /^\d+$/.test(name) &&
        startTime(name) !== null &&
        /\/lab\/server\/(?:(?:keystone|placement|cinder)-server|glance-api|(?:glance|nova)-gunicorn|nova-eventlet)\.py\0/.test(
          read(`/proc/${name}/cmdline`) ?? '',
        ),
    )
    .flatMap((name) => {
      const state = read(`/proc/${name}/environ`)
        ?.split('\0')
        .find((line) => line.startsWith('STATE='))
        ?.slice('STATE='.length)
      return state === undefined ? [] : [{ pid: Number(name), state }]
    })
