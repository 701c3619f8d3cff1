// The faults of a run. Each kind is drawn (kind, place, byte) and then armed.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabFailure } from '../lab/failure.mjs'
import { root } from '../lab/scripts.mjs'

/** Glance trusts a token for this long after its last validation by Keystone (`token_cache_time` of the lab). */
const TOKEN_CACHE_MS = 2200

/** The lifetime of the labs' tokens: shorter than a run that waits for an expiry, and longer than most others. */
export const TOKEN_SECONDS = 12

/** Draws a byte of the image's data, or sometimes of the small requests around it. */
const place = (random, size) => {
  const side = random.pick(['source', 'target'])
  const direction = side === 'source' ? 'down' : 'up'
  return {
    side,
    direction,
    at: random.chance(0.2) ? random.integer(0, 6000) : random.integer(0, Math.floor(size * 1.02)),
  }
}

/** For the direction with only small messages. */
const backwards = (random) => {
  const side = random.pick(['source', 'target'])
  return { side, direction: side === 'source' ? 'up' : 'down', at: random.integer(0, 6000) }
}

const KINDS = {
  kill: (random, size) => (random.chance(0.35) ? { ms: random.integer(400, 3500) } : place(random, size)),
  reset: (random, size) => (random.chance(0.25) ? backwards(random) : place(random, size)),
  restart: (random, size) => ({ ...place(random, size), signal: random.pick(['TERM', 'KILL']) }),
  'token-revoked': place,
  'token-expired': place,
  'spool-limit': (random, size) => ({ limit: random.integer(1, size - 1) }),
  'disk-full': (random, size) => ({
    side: 'source',
    direction: 'down',
    at: random.integer(6000, Math.floor(size * 0.98)),
  }),
  'source-vanishes': place,
  'target-vanishes': (random, size) => ({ side: 'target', direction: 'up', at: random.integer(2500, size) }),
  'target-protected': (random, size) => ({ side: 'target', direction: 'up', at: random.integer(2500, size) }),
  'source-protected': () => ({}),
  // A gateway that has the whole upload does not wait for Glance: it responds, or disconnects.
  'gateway-after': (random) => ({ status: 504, part: null, holdMs: random.integer(0, 9000) }),
  'gateway-amid': (random) => ({ status: random.pick([408, 502, 504]), part: random.integer(1, 95) / 100 }),
  'reset-after': (random) => ({ status: null, part: null, holdMs: random.integer(0, 9000) }),
}

const WEIGHTED = [
  'kill',
  'kill',
  'kill',
  'kill',
  'reset',
  'reset',
  'reset',
  'restart',
  'restart',
  'restart',
  'token-revoked',
  'token-expired',
  'token-expired',
  'spool-limit',
  'disk-full',
  'source-vanishes',
  'target-vanishes',
  'target-protected',
  'source-protected',
  'gateway-after',
  'gateway-after',
  'gateway-after',
  'gateway-amid',
  'gateway-amid',
  'reset-after',
  'reset-after',
]

export const drawTroubles = (random, size) => {
  const count = random.integer(1, 3)
  const troubles = []
  for (let index = 0; index < count; index++) {
    const kind = random.pick(WEIGHTED)
    if (
      !['kill', 'reset', 'gateway-after', 'gateway-amid', 'reset-after'].includes(kind) &&
      troubles.some((one) => one.kind === kind)
    )
      continue
    troubles.push({ kind, ...KINDS[kind](random, size) })
  }
  return troubles
}

const shell = async (script, state) => {
  const child = spawn(
    'bash',
    ['-c', `set -eu; LAB=$1/lab; STATE=$2; source "$LAB/shell/processes.sh"; ${script}`, 'bash', root, state],
    { stdio: 'ignore' },
  )
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`a server of the lab could not be stopped or started: ${script}`)
}

const stopGlance = (state, signal) =>
  shell(
    signal === 'TERM'
      ? 'stop_server glance'
      : 'pid=$(pid_of glance); kill -KILL "$pid"; while is_alive glance; do sleep 0.02; done',
    state,
  )
const startGlance = (state) => shell('"$LAB/up.sh" "$STATE"', state)

/** Fills the disk; returns the files to delete afterwards. */
const fillDisk = (dir) => {
  const filler = join(dir, '.filler')
  const piece = Buffer.alloc(64 * 1024)
  try {
    for (;;) writeFileSync(filler, piece, { flag: 'a' })
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error
  }
  return filler
}

/** Mounts a separate file system for the spool. */
export const mountSpool = (dir, size) => {
  const { status, stderr } = spawnSync(
    'mount',
    ['-t', 'tmpfs', '-o', `size=${size + 4 * 2 ** 20},mode=700`, 'tmpfs', dir],
    { encoding: 'utf8' },
  )
  if (status !== 0)
    throw new LabFailure(
      `a disk that is full needs a file system of its own, and this user may not mount one: ${stderr ?? ''}`,
    )
}
export const unmountSpool = (dir) => spawnSync('umount', ['-l', dir], { stdio: 'ignore' })

/** Arms a fault. `scene`: proxies, clouds, the process. `scene.happened` counts the faults that occurred. */
export const arm = (trouble, scene) => {
  const { proxies, clouds, happened } = scene
  const did = () => (happened[trouble.kind] = (happened[trouble.kind] ?? 0) + 1)
  const at = (happen) => proxies[trouble.side].at(trouble.direction, trouble.at, happen)
  switch (trouble.kind) {
    case 'kill':
      if (trouble.ms !== undefined) return scene.killAfter.push({ ms: trouble.ms, did })
      return at(async () => (await scene.kill()) && did())
    case 'reset':
      return at(({ reset }) => {
        did()
        reset()
      })
    case 'restart':
      return at(async () => {
        did()
        await stopGlance(clouds[trouble.side].state, trouble.signal)
        const starting = startGlance(clouds[trouble.side].state)
        // A failure is reported to the caller that awaits it; until then, it must not count as unhandled.
        starting.catch(() => undefined)
        scene.pending.push(starting)
      })
    case 'token-revoked':
      return at(async () => {
        const token = proxies[trouble.side].token()
        if (token === null) return
        did()
        await clouds[trouble.side].revoke(token)
        await sleep(TOKEN_CACHE_MS)
      })
    case 'token-expired':
      // All existing tokens, on either side, have expired when the next byte arrives.
      return at(async () => {
        if (proxies[trouble.side].token() === null) return
        did()
        await sleep(TOKEN_SECONDS * 1000 + TOKEN_CACHE_MS)
      })
    case 'spool-limit':
      did()
      return scene.firstOptions.push('--spool-limit', `${trouble.limit}B`)
    case 'disk-full':
      return at(() => {
        if (existsSync(join(scene.spool, '.filler'))) return
        scene.filler = fillDisk(scene.spool)
        did()
      })
    case 'source-vanishes':
      return at(async () => {
        did()
        await clouds.source.protect(scene.image.id, false)
        await clouds.source.remove(scene.image.id)
        scene.sourceGone = true
      })
    case 'target-vanishes':
      return at(async () => {
        const [record] = await scene.made()
        if (record === undefined || record.protected) return
        did()
        await clouds.target.remove(record.id)
      })
    case 'target-protected':
      return at(async () => {
        const [record] = await scene.made()
        if (record === undefined) return
        did()
        await clouds.target.protect(record.id, true)
      })
    case 'source-protected':
      did()
      return undefined
    case 'gateway-after':
    case 'gateway-amid':
    case 'reset-after':
      return proxies.target.onUpload({ holdMs: 0, ...trouble, did })
    default:
      throw new TypeError(`no such trouble: ${trouble.kind}`)
  }
}

/** Follows imago's hint when a protected image prevents the deletion of an unfinished one. */
export const unprotectUnfinished = async ({ clouds }, said) => {
  const [, id] = /image (\S+) was left unfinished by an earlier try/.exec(said) ?? []
  if (id !== undefined) await clouds.target.protect(id, false)
}

/** Follows imago's hint when Glance saves without end after one of its servers was stopped. */
export const deleteUnending = async ({ clouds, happened }, said) => {
  const [, id] = /image (\S+) got all its data, and Glance is still saving them/.exec(said) ?? []
  if (id === undefined || happened.restart === undefined) return
  await clouds.target.protect(id, false)
  await clouds.target.remove(id)
}

/** Frees disk space after a process has ended. */
export const makeRoom = (scene) => {
  if (scene.filler !== null) rmSync(scene.filler, { force: true })
  scene.filler = null
}

/** Returns the entries of a run's journal; an incomplete last line is ignored. */
export const readEntries = (path) =>
  !existsSync(path)
    ? []
    : readFileSync(path, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
