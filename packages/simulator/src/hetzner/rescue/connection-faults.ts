import type { Socket } from 'node:net'
import { duplexPair, pipeline, type Duplex, type Transform } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { cutAfter, slowed } from '../../faults/bytes.ts'
import type { Fault } from '../../faults/fault.ts'

/** How often it is looked whether everything has left. */
const LOOKS = 100

/** Breaks the connection when what was let through has left for the other side, or will not be taken. */
const breakOff = async (socket: Socket, from: Transform): Promise<void> => {
  for (let look = 0; look < LOOKS && from.readableLength + socket.writableLength > 0; look++) await sleep(10)
  // One that is being shut down cannot be reset, and Node would never close it.
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

const through = (socket: Socket, toWay: () => Transform): Duplex => {
  const [near, far] = duplexPair()
  const ignore = (): void => undefined
  pipeline(socket, toWay(), near, ignore)
  pipeline(near, toWay(), socket, ignore)
  // Whoever serves it learns of the end by this alone where a way is blocked.
  socket.once('close', () => far.destroy())
  return far
}

/** The connection as the faults leave it; null where they leave nothing. The bytes of each direction are counted by themselves. */
export const struck = async (socket: Socket, faults: readonly Fault[]): Promise<Duplex | null> => {
  socket.on('error', () => undefined)
  for (const fault of faults) if (fault.kind === 'latency') await sleep(fault.ms)
  for (const fault of faults) {
    switch (fault.kind) {
      case 'reset':
        if (fault.atByte > 0) return through(socket, () => cutAfter(fault.atByte, (way) => void breakOff(socket, way)))
        socket.resetAndDestroy()
        return null
      case 'stall':
        return through(socket, () => cutAfter(fault.atByte, () => undefined))
      case 'slow':
        return through(socket, () => slowed(fault.bytesPerSecond))
      default:
    }
  }
  return socket
}
