// Runs programs so that an interruption ends them in order: each has a process group of its own, which Ctrl-C does not reach.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LabFailure } from './failure.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const running = new Set()
let interruption = null

/** Which signal has asked this program to end, if one has. */
export const interruptedBy = () => interruption

/** From now on a signal ends the programs that run, and this one goes on to tidy up. */
export const catchSignals = () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (interruption !== null) return
      interruption = signal
      process.stderr.write(`\nlab: ${signal}: stopping what was started …\n`)
      for (const { pid } of running) {
        try {
          process.kill(-pid, 'SIGTERM')
        } catch {
          // It has just ended.
        }
      }
    })
  }
}

/** Its exit code; what it prints goes to standard error. `patient`: it is let finish when a signal comes. */
export const run = (command, parameters, { env = {}, patient = false } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, parameters, {
      cwd: root,
      detached: true,
      stdio: ['ignore', process.stderr, process.stderr],
      env: { ...process.env, ...env },
    })
    if (!patient) running.add(child)
    child.on('error', (error) => reject(new LabFailure(`${command} cannot be run: ${error.message}`)))
    child.on('close', (code) => {
      running.delete(child)
      resolve(code ?? 1)
    })
  })

const script = async (name, parameters, options) => {
  const code = await run(join(root, 'lab', name), parameters, options)
  if (code !== 0)
    throw new LabFailure(
      interruption === null ? `lab/${name} failed; it says above why, and what to do` : `lab/${name} was interrupted`,
    )
}

/** Of OpenStack; the first is the default. lab/shell/release.sh says what they are. */
export const RELEASES = ['debian', 'newest']

const settings = (release, compute) => ({ LAB_RELEASE: release, LAB_COMPUTE: compute ? 'yes' : 'no' })

/** @throws LabFailure where this machine cannot have a lab, with what to do */
export const install = async (release = RELEASES[0], { compute = false } = {}) => {
  if (process.platform !== 'linux')
    throw new LabFailure(
      `it needs Debian 12, this is ${process.platform}: run it in a container (docker run -it debian:12)`,
    )
  await script('install.sh', [], { patient: true, env: settings(release, compute) })
}
/** `compute`: with Nova, Placement and Cinder. */
export const up = (state, release = RELEASES[0], { compute = false } = {}) =>
  script('up.sh', [state], { env: settings(release, compute) })
/** Stops and forgets; a signal does not keep it from that. */
export const down = (state) => script('down.sh', [state, '--purge'], { patient: true })
