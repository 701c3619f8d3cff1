import { createHetznerSimulator, type HetznerSimulator, type HetznerSimulatorOptions } from './hetzner/index.ts'
import { createOpenstackSimulator, type OpenstackSimulator, type OpenstackSimulatorOptions } from './openstack/index.ts'

/** Options of `simulate`, for each cloud. */
export interface SimulateOptions {
  readonly hetzner?: HetznerSimulatorOptions | undefined
  readonly openstack?: OpenstackSimulatorOptions | undefined
}

/** Both clouds, each on its own port. */
export interface Simulation {
  readonly hetzner: HetznerSimulator
  readonly openstack: OpenstackSimulator
  readonly close: () => Promise<void>
}

/** Starts both simulators. If one cannot start, stops the other and rejects. */
export const simulate = async (options: SimulateOptions = {}): Promise<Simulation> => {
  const hetzner = await createHetznerSimulator(options.hetzner)
  try {
    const openstack = await createOpenstackSimulator(options.openstack)
    return { hetzner, openstack, close: async () => void (await Promise.all([hetzner.close(), openstack.close()])) }
  } catch (error) {
    await hetzner.close()
    throw error
  }
}
