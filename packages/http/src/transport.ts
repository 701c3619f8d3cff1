import * as E from 'fp-ts/lib/Either.js'
import type { Transport, TransportOptions } from './transport-options.ts'

export type { Transport, TransportOptions } from './transport-options.ts'

/**
 * Creates a transport on axios. Responses of any status are returned. Redirects are not followed. axios and Node's HTTP modules are loaded with the first
 * request, because a program that could send requests often sends none.
 */
export const createTransport = (options: TransportOptions = {}): Transport => {
  let isClosed = false
  let loaded: Transport | null = null
  const load = async (): Promise<Transport> => {
    const { createAxiosTransport } = await import('./axios-client.ts')
    loaded ??= createAxiosTransport(options)
    return loaded
  }
  return {
    client: (request) => async () => {
      const { client } = loaded ?? (await load())
      return isClosed || request.signal?.aborted === true ? E.left({ _tag: 'Aborted' }) : client(request)()
    },
    close: () => {
      isClosed = true
      loaded?.close()
    },
  }
}
