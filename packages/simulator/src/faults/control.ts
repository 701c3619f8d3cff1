import type { FastifyInstance } from 'fastify'
import type { RequestLog } from '../request-log.ts'
import type { FaultRule } from './fault.ts'
import { CONTROL_PREFIX } from './plugin.ts'
import type { Faults } from './rules.ts'
import { faultRuleSchema } from './schema.ts'

/** The HTTP routes that control faults, for people and for programs in other languages. They need no token. */
export const controlRoutes = (
  app: FastifyInstance,
  { faults, requests }: { readonly faults: Faults; readonly requests: RequestLog },
): void => {
  app.register(
    (routes, _options, done) => {
      routes.setErrorHandler<Error & { readonly statusCode?: number }>((error, _request, reply) =>
        reply.code(error.statusCode ?? 400).send({ error: error.message }),
      )
      routes.get('/faults', () => ({ faults: faults.list() }))
      routes.post<{ readonly Body: FaultRule }>('/faults', { schema: { body: faultRuleSchema } }, (request, reply) =>
        reply.code(201).send({ id: faults.add(request.body) }),
      )
      routes.delete('/faults', (_request, reply) => {
        faults.clear()
        return reply.code(204).send()
      })
      routes.delete<{ readonly Params: { readonly id: string } }>('/faults/:id', (request, reply) =>
        faults.remove(Number(request.params.id))
          ? reply.code(204).send()
          : reply.code(404).send({ error: `no fault has the id ${request.params.id}` }),
      )
      routes.get('/requests', () => ({ requests: requests.all() }))
      routes.delete('/requests', (_request, reply) => {
        requests.clear()
        return reply.code(204).send()
      })
      done()
    },
    { prefix: CONTROL_PREFIX.slice(0, -1) },
  )
}
