import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A host outside of the user's clouds. It records whatever it receives, HTTP or not, and responds with an empty list. */
export interface Stranger {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** The received text of each connection. */
  readonly heard: () => readonly string[]
  readonly close: () => Promise<void>
}

const BODY = '{"images":[]}'

export const createStranger = async (): Promise<Stranger> => {
  const heard: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const at = heard.push('') - 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      heard[at] += chunk.toString('latin1')
      socket.end(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\nconnection: close\r\n\r\n${BODY}`,
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => [...heard],
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
