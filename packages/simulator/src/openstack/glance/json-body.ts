import type { FastifyRequest } from 'fastify'
import { isObject, type JsonObject } from '../../json.ts'
import { readText } from '../body.ts'
import { refuse, serverError } from './refusal.ts'

/** Reads a JSON object or list, as required by glance/common/wsgi.py. */
export const readJson = async (request: FastifyRequest): Promise<JsonObject | readonly unknown[]> => {
  const text = await readText(request)
  if (text === '') throw refuse(400, 'Body expected in request.')
  const body = parsed(text)
  if (!isObject(body) && !Array.isArray(body)) throw refuse(400, 'Unexpected body type. Expected list/dict.')
  return body
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw refuse(400, 'Malformed JSON in request body.')
  }
}

/** Reads a JSON object. Glance accepts a list here and then fails with a server error. */
export const readJsonObject = async (request: FastifyRequest): Promise<JsonObject> => {
  const body = await readJson(request)
  if (!isObject(body)) throw serverError()
  return body
}
