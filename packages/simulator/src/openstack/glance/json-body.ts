import type { FastifyRequest } from 'fastify'
import { isObject, type JsonObject } from '../../json.ts'
import { textOf } from '../body.ts'
import { refuse } from './refusal.ts'

/** The JSON that was sent; `null` for none. Glance refuses what is none. */
export const jsonOf = async (request: FastifyRequest): Promise<unknown> => {
  const text = await textOf(request)
  if (text === '') return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw refuse(400, 'Malformed JSON in request body.')
  }
}

/** The JSON object that was sent. */
export const objectOf = async (request: FastifyRequest): Promise<JsonObject> => {
  const body = await jsonOf(request)
  if (!isObject(body)) throw refuse(400, 'Body expected in request.')
  return body
}
