import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Clock } from './clock.ts'

/** Where a simulator listens. */
export interface ListenOptions {
  /** Default: 127.0.0.1. A simulator gives what it has to whoever asks: think before you name another. */
  readonly host?: string | undefined
  /** Default: 0, any free one. */
  readonly port?: number | undefined
}

/** A server that listens. */
export interface RunningServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** Ends the server and every connection to it, those in use too. */
  readonly close: () => Promise<void>
}

/** An application without routes: dated by the clock, quiet, not held up by open connections when it is closed, and strict: it neither drops unknown keys nor turns text into numbers. */
export const createApp = (clock: Clock, options: FastifyServerOptions = {}): FastifyInstance => {
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
    ...options,
  })
  // Clients compare the times in an answer with its Date, as clocks differ: here both are of one clock.
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('date', new Date(clock()).toUTCString())
    done()
  })
  return app
}

/** Starts to listen. Rejects where the port is taken. */
export const listen = async (
  app: FastifyInstance,
  { host = '127.0.0.1', port = 0 }: ListenOptions = {},
): Promise<RunningServer> => {
  await app.listen({ host, port })
  const address = app.server.address()
  const actual = typeof address === 'object' && address !== null ? address.port : port
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`, port: actual, close: () => app.close() }
}
