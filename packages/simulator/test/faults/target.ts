import type { FastifyInstance } from 'fastify'
import { controlRoutes } from '../../src/faults/control.ts'
import { faultsPlugin } from '../../src/faults/plugin.ts'
import { createFaults, type Faults } from '../../src/faults/rules.ts'
import type { FaultTarget } from '../../src/faults/target.ts'
import { createRequestLog, type RequestLog } from '../../src/request-log.ts'
import { createApp, listen, type RunningServer } from '../../src/server.ts'

export interface Small extends RunningServer {
  readonly faults: Faults
  readonly requests: RequestLog
  readonly expired: () => number
}

/** Starts a provider with three pages of one record each, and a file of 100,000 bytes. */
export const startSmall = async (): Promise<Small> => {
  const faults = createFaults()
  const requests = createRequestLog()
  let expired = 0
  const target: FaultTarget = {
    errorBody: (status) => ({ contentType: 'application/json', body: `{"own":${status}}` }),
    errorHeaders: (status): Readonly<Record<string, string>> => (status === 429 ? { 'retry-after': '7' } : {}),
    expireTokens: () => void expired++,
    recordsKey: () => 'things',
    oddRecords: (good) => [{ ...good, odd: true }],
    loop: (body, url) => ({ body: { ...body, next: url }, headers: {} }),
    foreignLink: (body, url, origin) => ({ body: { ...body, next: `${origin}${url}` }, headers: { link: origin } }),
  }
  const app: FastifyInstance = createApp(Date.now)
  await app.register(faultsPlugin, { faults, requests, target })
  controlRoutes(app, { faults, requests })
  app.get<{ readonly Querystring: { readonly page?: string } }>('/things', (request) => {
    const page = Number(request.query.page ?? '1')
    return { things: [{ id: page, name: `thing ${page}` }], next: page < 3 ? `/things?page=${page + 1}` : null }
  })
  app.get('/file', (_request, reply) => reply.type('application/octet-stream').send(Buffer.alloc(100_000, 1)))
  return { ...(await listen(app)), faults, requests, expired: () => expired }
}
