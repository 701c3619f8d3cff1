import { createServer, type Server } from 'node:net'

/** Loopback addresses that this simulator reserves for its servers, and their port. */
export interface Addresses {
  readonly port: number
  /** Returns the address of the server with this ID; always the same. */
  readonly getAddress: (serverId: number) => string
  readonly close: () => Promise<void>
}

/** Listens with a server that closes all connections, or returns the error code. */
const listenOn = (host: string, port: number): Promise<Server | string> =>
  new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(code))
    server.listen({ host, port, exclusive: true }, () => resolve(server))
  })

const readPort = (server: Server): number => {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The maximum number of concurrent simulators per port on one machine. */
const NETS = 64

/**
 * Reserves 127.N.0.0/16 for this simulator, with the first N that is free on this port: it listens on 127.N.0.1 while it runs and closes all
 * connections. Returns null if no such address is available.
 */
const claimNet = async (port: number): Promise<{ readonly net: number; readonly guard: Server } | null> => {
  for (let net = 1; net <= NETS; net++) {
    const guard = await listenOn(`127.${net}.0.1`, port)
    if (typeof guard !== 'string') return { net, guard }
    if (guard !== 'EADDRINUSE') return null
  }
  return null
}

/** Returns null if this machine does not support such addresses. Throws if the requested port is not available. */
export const claimAddresses = async (wanted: number | null): Promise<Addresses | null> => {
  const claimed = (await claimNet(wanted ?? 22)) ?? (wanted === null ? await claimNet(0) : null)
  if (claimed === null) {
    if (wanted !== null && wanted !== 0)
      throw new Error(
        `cannot listen on 127.1.0.1:${wanted}, the requested address of rescue systems. Choose another port`,
      )
    return null
  }
  const { net, guard } = claimed
  const given = new Map<number, number>()
  return {
    port: readPort(guard),
    getAddress: (serverId) => {
      const number = given.get(serverId) ?? given.size + 1
      given.set(serverId, number)
      // 127.N.0.1 belongs to the guard.
      return `127.${net}.${(number + 1) >> 8}.${(number + 1) & 255}`
    },
    close: () => new Promise((resolve) => guard.close(() => resolve())),
  }
}
