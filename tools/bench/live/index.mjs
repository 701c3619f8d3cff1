// Live listings, against what else can list the same images. Fails where the lab or a client is missing.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { catchSignals, install } from '../../lab/scripts.mjs'
import { LabFailure } from '../../lab/failure.mjs'
import { glance } from './glance.mjs'
import { hetzner } from './hetzner.mjs'

const ROUNDS = Number(process.env.IMAGO_BENCH_ROUNDS ?? 5)

const checkClients = () => {
  for (const [command, parameter] of [['curl', '--version'], ['openstack', '--version'], ['hcloud', 'version']])
    if (spawnSync(command, [parameter]).error !== undefined) throw new LabFailure(`there is no ${command}. apt-get install curl, and sudo lab/install.sh for the others`)
}

export const live = async (line) => {
  catchSignals()
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-live-'))
  try {
    await install()
    checkClients()
    await glance(line, folder, ROUNDS)
    await hetzner(line, folder, ROUNDS)
  } catch (error) {
    if (!(error instanceof LabFailure)) throw error
    process.stderr.write(`bench: live listings cannot be measured here: ${error.message}\n`)
    process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}
