import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { apiError, type ApiError } from './api-error.ts'
import type { Project } from './project.ts'
import type { RateLimit } from './rate-limit.ts'

/** The access of a token. */
export interface Access {
  readonly project: Project
  readonly rateLimit: RateLimit
  readonly isReadOnly: boolean
}

export interface GateOptions {
  readonly findAccess: (token: string) => Access | null
  /** Creates the error for a write with a read-only token. */
  readonly readOnlyError: () => ApiError
}

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** Checks the token and rate limit of each request; returns the project of an accepted request. */
export const gate = (
  app: FastifyInstance,
  { findAccess, readOnlyError }: GateOptions,
): ((request: FastifyRequest) => Project) => {
  const projects = new WeakMap<FastifyRequest, Project>()

  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const access = token === undefined ? null : findAccess(token)
    if (access === null) return done(apiError('unauthorized', 'unable to authenticate'))
    const { project, rateLimit, isReadOnly } = access
    const isLetIn = rateLimit.spend()
    void reply.headers(rateLimit.headers())
    if (!isLetIn) return done(apiError('rate_limit_exceeded', 'limit of requests per hour reached'))
    if (isReadOnly && !READING.has(request.method)) return done(readOnlyError())
    project.settle()
    projects.set(request, project)
    done()
  })

  return (request) => {
    const project = projects.get(request)
    if (project === undefined) throw new Error('a request without a project reached a route')
    return project
  }
}
