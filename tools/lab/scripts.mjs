// Runs programs so that an interruption ends them in order: each has its own process group, which Ctrl-C does not reach.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LabFailure } from './failure.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const running = new Set()
let interruption = null

/** Returns the signal that has interrupted this program, if any. */
export const interruptedBy = () => interruption

/** From now on, a signal ends the running programs, and this one continues with the cleanup. */
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
          // The process has just ended.
        }
      }
    })
  }
}

/** Runs a program and returns its exit code; its output goes to standard error. `patient`: a signal does not end it. */
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

/** The OpenStack releases; the first is the default. See lab/shell/release.sh. */
export const RELEASES = ['debian', 'newest']

const settings = (release, compute) => ({ LAB_RELEASE: release, LAB_COMPUTE: compute ? 'yes' : 'no' })

/** @throws LabFailure with instructions, if this machine cannot run a lab */
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
/** Stops and deletes a lab; a signal does not interrupt it. */
export const down = (state) => script('down.sh', [state, '--purge'], { patient: true })
