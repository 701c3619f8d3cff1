import { createHetznerSimulator, type HetznerSimulator, type HetznerSimulatorOptions } from './hetzner/index.ts'

/** Something that runs until it is closed. */
export interface Closing {
  readonly close: () => Promise<void>
}

export interface SimulateOptions<O extends Closing> {
  readonly hetzner?: HetznerSimulatorOptions
  /** Starts the OpenStack half. Default: there is none. */
  readonly openstack?: () => Promise<O>
}

export interface Simulation<O extends Closing> extends Closing {
  readonly hetzner: HetznerSimulator
  readonly openstack: O | null
}

/** Starts the simulators, all or none. */
export const simulate = async <O extends Closing = Closing>({ hetzner: options = {}, openstack: start }: SimulateOptions<O> = {}): Promise<Simulation<O>> => {
  const hetzner = await createHetznerSimulator(options)
  try {
    const openstack = start === undefined ? null : await start()
    return { hetzner, openstack, close: async () => void (await Promise.all([hetzner.close(), openstack?.close()])) }
  } catch (error) {
    await hetzner.close()
    throw error
  }
}
