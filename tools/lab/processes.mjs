// Processes as Linux tells of them in /proc.
import { readFileSync, readdirSync } from 'node:fs'

const read = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** In clock ticks since boot: with its id, what tells a process from all others. `null` for one that is gone, or a zombie. */
export const startTime = (pid) => {
  const stat = read(`/proc/${pid}/stat`)
  const fields = stat?.slice(stat.lastIndexOf(') ') + 2).split(' ')
  return fields === undefined || fields[0] === 'Z' ? null : fields[19]
}

/** The servers of labs, of this user: each runs one of lab/server, and names its state directory in its environment. */
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
