import { createServer, request as send, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy of a simulator that loses responses: requests are carried out, but the client does not learn of it. */
export interface LossyProxy {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** Loses the responses to the next requests with this method and a matching path. */
  readonly lose: (method: string, path: RegExp, times?: number) => void
  /** The method and path of all requests. */
  readonly seen: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Starts a proxy. `port`: the port of the simulator. */
export const createLossyProxy = async (port: number): Promise<LossyProxy> => {
  const seen: string[] = []
  const losses: { readonly method: string; readonly path: RegExp; left: number }[] = []
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming
    seen.push(`${method} ${url}`)
    const loss = losses.find((one) => one.left > 0 && one.method === method && one.path.test(url))
    if (loss !== undefined) loss.left--
    // Pass on the Host, so that the catalog contains the URL of the proxy.
    const onward = send({ port, host: '127.0.0.1', method, path: url, headers }, (answer: IncomingMessage) => {
      if (loss !== undefined) {
        answer.resume()
        answer.on('end', () => incoming.socket.destroy())
        return
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.on('error', () => outgoing.destroy())
      answer.pipe(outgoing)
    })
    onward.on('error', () => incoming.socket.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose: (method, path, times = 1) => void losses.push({ method, path, left: times }),
    seen: () => [...seen],
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
