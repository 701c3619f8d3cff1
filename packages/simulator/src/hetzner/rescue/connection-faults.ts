import type { Socket } from 'node:net'
import { duplexPair, pipeline, type Duplex, type Transform } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { cutAfter, slowed } from '../../faults/bytes.ts'
import type { Fault } from '../../faults/fault.ts'

/** The maximum number of checks that everything has been flushed. */
const LOOKS = 100

/** Breaks the connection once the forwarded bytes have been sent, or cannot be sent. */
const breakOff = async (socket: Socket, from: Transform): Promise<void> => {
  for (let look = 0; look < LOOKS && from.readableLength + socket.writableLength > 0; look++) await sleep(10)
  // A socket that is being shut down cannot be reset, and Node would never close it.
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

const through = (socket: Socket, toWay: () => Transform): Duplex => {
  const [near, far] = duplexPair()
  const ignore = (): void => undefined
  pipeline(socket, toWay(), near, ignore)
  pipeline(near, toWay(), socket, ignore)
  // If one direction is blocked, only this event reports the end.
  socket.once('close', () => far.destroy())
  return far
}

/** Applies faults to a connection; returns null if they end it. Bytes are counted per direction. */
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
