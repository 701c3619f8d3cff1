import { createServer, type Server } from 'node:net'

/** Loopback addresses that this simulator alone gives to its servers, and the port on them. */
export interface Addresses {
  readonly port: number
  /** Of the server with this id; always the same. */
  readonly addressOf: (serverId: number) => string
  readonly close: () => Promise<void>
}

/** A server that lets nobody in, or the code of the error. */
const listenOn = (host: string, port: number): Promise<Server | string> =>
  new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(code))
    server.listen({ host, port, exclusive: true }, () => resolve(server))
  })

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** How many simulators of one port there may be at a time on one computer. */
const NETS = 64

/**
 * Takes 127.N.0.0/16 for this simulator, with the first N that no other has on this port: it listens on 127.N.0.1 as long as it lives,
 * and lets nobody in there. Gives null where no such address can be had.
 */
const claim = async (port: number): Promise<{ readonly net: number; readonly guard: Server } | null> => {
  for (let net = 1; net <= NETS; net++) {
    const guard = await listenOn(`127.${net}.0.1`, port)
    if (typeof guard !== 'string') return { net, guard }
    if (guard !== 'EADDRINUSE') return null
  }
  return null
}

/** Null where this computer has no addresses like that. Throws where the port that was asked for cannot be had. */
export const claimAddresses = async (wanted: number | null): Promise<Addresses | null> => {
  const claimed = (await claim(wanted ?? 22)) ?? (wanted === null ? await claim(0) : null)
  if (claimed === null) {
    if (wanted !== null && wanted !== 0)
      throw new Error(`nothing can listen on port ${wanted} of 127.1.0.1, which rescue systems are to have`)
    return null
  }
  const { net, guard } = claimed
  const given = new Map<number, number>()
  return {
    port: portOf(guard),
    addressOf: (serverId) => {
      const number = given.get(serverId) ?? given.size + 1
      given.set(serverId, number)
      // 127.N.0.1 is the guard's.
      return `127.${net}.${(number + 1) >> 8}.${(number + 1) & 255}`
    },
    close: () => new Promise((resolve) => guard.close(() => resolve())),
  }
}
