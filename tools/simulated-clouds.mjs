// The simulated clouds of `imago simulate` for the tools: the same names and contents, in an environment without other clouds.
import { createHetznerSimulator, createOpenstackSimulator } from '@imago/simulator'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { simulatedEnvironment, writeConfig } from '../packages/cli/dist/simulated-config.js'

const binaries = fileURLToPath(new URL('../node_modules/.bin', import.meta.url))

/** Fixed addresses for documented output, because ports differ between runs. Five digits, so that columns keep their width. */
const TOLD = { hetzner: '127.0.0.1:40001', openstack: '127.0.0.1:40002' }

/** Variables that lead to a user's cloud, or bypass the simulators. */
const isForeign = (name) =>
  /^(HCLOUD|HETZNER|OS|IMAGO|XDG_CONFIG|XDG_STATE|XDG_CACHE)_|^(https?|no|all)_proxy$|^OPENSTACK/i.test(name)

/** A clock that advances by one second per request, so that clients see the same times in each run on any machine. */
const timeByRequests = (start) => {
  let count = () => 0
  return { clock: () => start + 1000 * count(), follow: ({ requests }) => (count = () => requests.all().length) }
}

const START = Date.parse('2026-11-22T12:00:00Z')

/** `isRepeatable`: the clock is the same in each run; otherwise it is the system's. */
export const startSimulatedClouds = async ({ isRepeatable }) => {
  const [hetznerTime, openstackTime] = [timeByRequests(START), timeByRequests(START)]
  const home = await mkdtemp(join(tmpdir(), 'imago-simulated-'))
  const hetzner = await createHetznerSimulator(isRepeatable ? { clock: hetznerTime.clock } : {})
  const openstack = await createOpenstackSimulator(isRepeatable ? { clock: openstackTime.clock } : {})
  hetznerTime.follow(hetzner)
  openstackTime.follow(openstack)
  const configured = await writeConfig(home, hetzner, openstack)
  const kept = Object.entries(process.env).filter(([name]) => !isForeign(name) && name.toUpperCase() !== 'PATH')
  return {
    hetzner,
    openstack,
    env: {
      ...Object.fromEntries(kept),
      PATH: `${binaries}${delimiter}${process.env.PATH}`,
      HOME: home,
      USERPROFILE: home,
      ...simulatedEnvironment(hetzner, configured),
    },
    /** Replaces addresses and files in `text` by those of the documentation. */
    told: (text) =>
      text
        .replaceAll(`127.0.0.1:${hetzner.port}`, TOLD.hetzner)
        .replaceAll(`127.0.0.1:${openstack.port}`, TOLD.openstack)
        .replaceAll(home, '~'),
    close: async () => {
      await Promise.allSettled([hetzner.close(), openstack.close()])
      await rm(home, { recursive: true, force: true })
    },
  }
}
