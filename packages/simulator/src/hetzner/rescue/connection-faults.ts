import { duplexPair, type Duplex, type Transform } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { cutAfter, slowed } from '../../faults/bytes.ts'
import type { Fault } from '../../faults/fault.ts'

/** Lets bytes through until `left` have passed in both directions together, then calls `atEnd` once. */
const counted = (bytes: number, atEnd: () => void): (() => Transform) => {
  let isOver = false
  const end = (): void => {
    if (!isOver) atEnd()
    isOver = true
  }
  return () => cutAfter(bytes, end)
}

const through = (socket: Socket, toWay: () => Transform): Duplex => {
  const [near, far] = duplexPair()
  const ignore = (): void => undefined
  pipeline(socket, toWay(), near, ignore)
  pipeline(near, toWay(), socket, ignore)
  // A pair does not share its end: the SSH server would wait for ever for one that is gone.
  socket.once('close', () => far.destroy())
  return far
}

/** The connection as the faults leave it; null where they leave nothing. A reset counts the bytes of each direction by itself. */
export const struck = async (socket: Socket, faults: readonly Fault[]): Promise<Duplex | null> => {
  socket.on('error', () => undefined)
  for (const fault of faults) if (fault.kind === 'latency') await sleep(fault.ms)
  for (const fault of faults) {
    switch (fault.kind) {
      case 'reset':
        if (fault.atByte > 0) return through(socket, counted(fault.atByte, () => socket.resetAndDestroy()))
        socket.resetAndDestroy()
        return null
      case 'stall':
        return through(socket, counted(fault.atByte, () => undefined))
      case 'slow':
        return through(socket, () => slowed(fault.bytesPerSecond))
      default:
    }
  }
  return socket
}
