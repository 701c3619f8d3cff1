// The state directories of labs, in one directory for all labs of this user, from any clone of the repository:
//   run-PID-START/first, second    of this process's test run
//   CLONE/NAME                     for manual use in that clone (npm run lab:up, or --keep)
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { LabFailure } from './failure.mjs'
import { labServers, startTime } from './processes.mjs'
import { down, root } from './scripts.mjs'

/** The servers execute files in this directory with the user's rights: only the user may access it. */
const labsDirectory = () => {
  const path = process.env.IMAGO_LAB_DIRECTORY ?? join(tmpdir(), `imago-lab-${userInfo().uid}`)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const { uid, mode } = lstatSync(path)
  if (!lstatSync(path).isDirectory() || uid !== userInfo().uid || (mode & 0o022) !== 0) {
    throw new LabFailure(
      `${path} is not a directory that only you may write to. Remove it, or name another in IMAGO_LAB_DIRECTORY.`,
    )
  }
  // The path as the servers have it.
  return realpathSync(path)
}

const foldersIn = (path) =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => join(path, name))
    : []

const cloneDirectory = () =>
  join(labsDirectory(), `${basename(root)}-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`)

const NAME = /^[a-z0-9][a-z0-9-]*$/
export const stateByHand = (name) => {
  if (!NAME.test(name)) throw new LabFailure(`a lab's name is of lower-case letters, digits and hyphens: ${name}`)
  return join(cloneDirectory(), name)
}
/** Returns the state directories of this clone's labs, running or not. */
export const statesByHand = () => foldersIn(cloneDirectory())

/** Returns the state directories of this process's test run. */
export const statesOfRun = (names) =>
  names.map((name) => join(labsDirectory(), `run-${process.pid}-${startTime(process.pid)}`, name))

/** Stops and deletes labs, and their parent directory if it is then empty. */
export const remove = async (states) => {
  for (const state of states) {
    await down(state)
    const parent = join(state, '..')
    if (existsSync(parent) && readdirSync(parent).length === 0) rmSync(parent, { recursive: true })
  }
}

const isStale = (folder) => {
  const [, pid, start] = /^run-(\d+)-(\d+)$/.exec(basename(folder)) ?? []
  return pid !== undefined && startTime(pid) !== start
}

const end = async (pid) => {
  const start = startTime(pid)
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    if (start === null || startTime(pid) !== start) return
    process.kill(pid, signal)
    for (let waited = 0; waited < 5000 && startTime(pid) === start; waited += 50) await setTimeout(50)
  }
}

/** Cleans up after killed runs: deletes their labs, and stops servers without a state directory. */
export const removeStaleStates = async () => {
  const directory = labsDirectory()
  for (const folder of foldersIn(directory).filter(isStale)) {
    process.stderr.write(`lab: ${folder} was left by a run that was killed; stopping it\n`)
    for (const state of foldersIn(folder)) {
      if (!existsSync(join(state, 'run')) || !existsSync(join(state, 'stores'))) continue
      await down(state).catch((error) => {
        // Another run may have deleted it meanwhile.
        if (existsSync(state)) throw error
      })
    }
    rmSync(folder, { recursive: true, force: true })
  }
  for (const { pid, state } of labServers().filter(
    ({ state }) => state.startsWith(`${directory}/`) && !existsSync(state),
  )) {
    process.stderr.write(`lab: server ${pid} runs without its state, ${state}; stopping it\n`)
    await end(pid)
  }
}
