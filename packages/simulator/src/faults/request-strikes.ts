import type { FastifyRequest } from 'fastify'
import type { Strike } from './rules.ts'

const strikesByRequest = new WeakMap<FastifyRequest, readonly Strike[]>()

/** Returns the faults that affect a request, for its handler. */
export const getStrikes = (request: FastifyRequest): readonly Strike[] => strikesByRequest.get(request) ?? []

export const setStrikes = (request: FastifyRequest, strikes: readonly Strike[]): void =>
  void strikesByRequest.set(request, strikes)
