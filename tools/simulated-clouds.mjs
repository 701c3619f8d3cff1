// The simulated clouds of `imago simulate`, for the tools: the same names and contents, in an environment where no other cloud is configured.
import { createHetznerSimulator, createOpenstackSimulator } from '@imago/simulator'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { simulatedEnvironment, writeConfig } from '../packages/cli/dist/simulated-config.js'

const binaries = fileURLToPath(new URL('../node_modules/.bin', import.meta.url))

/** What a documented output calls the addresses, whose ports are others in each run. Five digits, as those have: columns stay as wide. */
const TOLD = { hetzner: '127.0.0.1:40001', openstack: '127.0.0.1:40002' }

/** What may lead to a cloud of the user, or around the simulators. */
const isForeign = (name) =>
  /^(HCLOUD|HETZNER|OS|IMAGO|XDG_CONFIG|XDG_STATE|XDG_CACHE)_|^(https?|no|all)_proxy$|^OPENSTACK/i.test(name)

/** Time that goes by with the requests, one second each: what a client sees is then the same in each run, however fast the machine. */
const timeByRequests = (start) => {
  let count = () => 0
  return { clock: () => start + 1000 * count(), follow: ({ requests }) => (count = () => requests.all().length) }
}

const START = Date.parse('2026-11-22T12:00:00Z')

/** `isRepeatable`: the clouds' time is another, and the same in each run; else it is the computer's. */
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
    /** `text` with the addresses and files as the documentation has them. */
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
