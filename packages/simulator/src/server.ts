import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Clock } from './clock.ts'

/** The address of a simulator. */
export interface ListenOptions {
  /** Default: 127.0.0.1. Simulators have no access control beyond known tokens, so expose them with care. */
  readonly host?: string | undefined
  /** Default: 0, any free port. */
  readonly port?: number | undefined
}

/** A listening server. */
export interface RunningServer {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string
  readonly port: number
  /** Closes the server and all connections, including active ones. */
  readonly close: () => Promise<void>
}

/**
 * Creates an application without routes. Its dates use the clock, it does not log, it closes despite open connections, and it validates strictly: it
 * neither drops unknown keys nor converts strings to numbers.
 */
export const createApp = (clock: Clock, options: FastifyServerOptions = {}): FastifyInstance => {
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
    ...options,
  })
  // Clients compare times in a response with its Date header: both must come from the same clock.
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('date', new Date(clock()).toUTCString())
    done()
  })
  return app
}

/** Starts to listen. Rejects if the port is in use. */
export const listen = async (
  app: FastifyInstance,
  { host = '127.0.0.1', port = 0 }: ListenOptions = {},
): Promise<RunningServer> => {
  await app.listen({ host, port })
  const address = app.server.address()
  const actual = typeof address === 'object' && address !== null ? address.port : port
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`, port: actual, close: () => app.close() }
}
