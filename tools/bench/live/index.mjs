// Compares live listings and transfers with other clients. Fails if the lab or a client is missing.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { catchSignals, install } from '../../lab/scripts.mjs'
import { LabFailure } from '../../lab/failure.mjs'
import { glance } from './glance.mjs'
import { sizes } from '../sizes.mjs'
import { hetzner } from './hetzner.mjs'
import { moves } from './moves.mjs'

const CURL = ['curl', '--version']
const OPENSTACK = ['openstack', '--version']
const HCLOUD = ['hcloud', 'version']

const checkClients = (clients) => {
  for (const [command, parameter] of clients)
    if (spawnSync(command, [parameter]).error !== undefined)
      throw new LabFailure(`there is no ${command}. apt-get install curl, and sudo lab/install.sh for the others`)
}

/** Runs `use` with a temporary folder if lab and clients are installed; otherwise skips the budgets, and reports what is missing. */
const measure = async (what, { clients, budgets, skip }, use) => {
  catchSignals()
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-live-'))
  try {
    await install()
    checkClients(clients)
    await use(folder)
  } catch (error) {
    if (!(error instanceof LabFailure)) throw error
    process.stderr.write(`bench: ${what} cannot be measured here: ${error.message}\n`)
    for (const id of budgets) skip(id, error.message)
    process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const live = ({ line, record, skip }) =>
  measure('live listings', { clients: [CURL, OPENSTACK, HCLOUD], budgets: ['list'], skip }, async (folder) => {
    await glance({ line, record }, folder, sizes.rounds(5))
    await hetzner(line, folder, sizes.rounds(5))
  })

export const bytes = ({ line, record, skip }) =>
  measure('transfers', { clients: [CURL, OPENSTACK], budgets: ['upload', 'download', 'copy'], skip }, (folder) =>
    moves({ line, record }, folder, sizes.rounds(3)),
  )
