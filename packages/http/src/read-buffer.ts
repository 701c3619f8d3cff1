import type { Agent } from 'node:http'
import type { Socket } from 'node:net'

/** In bytes: Node reads 64 KiB at once by default, and each chunk costs the same time, whatever its size. */
const READ_BYTES = 256 * 1024

let created: Buffer | null = null

/** Sockets are read one after another, so one buffer suffices for all of them. */
const readBuffer = (): Buffer => (created ??= Buffer.allocUnsafeSlow(READ_BYTES))

/** The method of agents that is documented for subclasses. */
interface Connecting {
  createConnection: (options: object, done?: (error: Error | null, socket: Socket) => void) => Socket
}

/**
 * Makes the connections of an agent read into one buffer. Otherwise Node allocates a buffer for each read, and V8 collects garbage after every few
 * dozen mebibytes. The buffer can be used again after each read because Node's HTTP parser copies bodies.
 */
export const reuseReadBuffer = (agent: Agent): Agent => {
  const connecting = agent as unknown as Connecting
  const connect = connecting.createConnection.bind(agent)
  connecting.createConnection = (options, done) => {
    const buffer = readBuffer()
    const socket = connect(
      {
        ...options,
        onread: {
          buffer,
          // Such a socket emits no data by itself.
          callback: (length: number): boolean => {
            socket.emit('data', buffer.subarray(0, length))
            return true
          },
        },
      },
      done,
    )
    return socket
  }
  return agent
}
