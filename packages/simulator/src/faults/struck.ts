import type { FastifyRequest } from 'fastify'
import type { Strike } from './rules.ts'

const struck = new WeakMap<FastifyRequest, readonly Strike[]>()

/** Returns the faults that affect a request, for its handler. */
export const strikesOn = (request: FastifyRequest): readonly Strike[] => struck.get(request) ?? []

export const setStrikes = (request: FastifyRequest, strikes: readonly Strike[]): void =>
  void struck.set(request, strikes)
