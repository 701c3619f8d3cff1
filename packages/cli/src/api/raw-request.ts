import type { HttpMethod, HttpRequest } from '@imago/http'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { formatSuggestion } from '../format-suggestion.ts'
import { readBody } from './body.ts'
import { buildBody, parseFields } from './fields.ts'

/** The options that describe a request. */
export interface RawRequestOptions {
  /** `key=value`: text fields of the query, or of the JSON body if the method has one. */
  readonly rawField?: readonly string[] | undefined
  /** The same with types: `true`, `false`, `null`, whole numbers, and `@file` for the content of a file. */
  readonly field?: readonly string[] | undefined
  /** The file of the body; `-`: standard input. */
  readonly input?: string | undefined
  /** `Name: value`. */
  readonly header?: readonly string[] | undefined
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const satisfies readonly HttpMethod[]
const WITHOUT_BODY: ReadonlySet<HttpMethod> = new Set<HttpMethod>(['GET', 'HEAD', 'OPTIONS', 'DELETE'])

/** Set by imago from the configuration of the cloud. */
const CREDENTIALS = new Set(['authorization', 'x-auth-token', 'cookie'])

const parseMethod = (text: string): HttpMethod => {
  const found = METHODS.find((method) => method === text.toUpperCase())
  if (found !== undefined) return found
  throw new Problem(
    `unknown method ${JSON.stringify(text)} (one of: ${METHODS.join(', ')})${formatSuggestion(text.toUpperCase(), METHODS)}`,
    EXIT.usage,
  )
}

/** The leading slash is optional, because shells on Windows expand it. A complete URL is kept; the client refuses other hosts. */
const toPath = (text: string): string =>
  text.startsWith('/') || /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `/${text}`

const parseHeader = (text: string): readonly [name: string, value: string] => {
  const at = text.indexOf(':')
  const name = text.slice(0, Math.max(at, 0)).trim().toLowerCase()
  if (name === '') throw new Problem(`--header: invalid value ${JSON.stringify(text)}. Use NAME:VALUE`, EXIT.usage)
  return [name, text.slice(at + 1).trimStart()]
}

const parseHeaders = (texts: readonly string[]): Readonly<Record<string, string>> => {
  const headers = texts.map(parseHeader)
  const reserved = headers.find(([name]) => CREDENTIALS.has(name))
  if (reserved !== undefined)
    throw new Problem(`--header: ${reserved[0]} is set by imago, from the configuration of the cloud`, EXIT.usage)
  return Object.fromEntries(headers)
}

/** Parses the request of `imago api CLOUD [METHOD] PATH`. */
export const parseRawRequest = async (
  words: readonly string[],
  { rawField = [], field = [], input, header = [] }: RawRequestOptions,
): Promise<HttpRequest> => {
  const [first = '', second, ...more] = words
  if (more.length > 0 || first === '')
    throw new Problem('expected one method and one path: imago api CLOUD [METHOD] PATH', EXIT.usage)
  const method = second === undefined ? 'GET' : parseMethod(first)
  const url = toPath(second ?? first)
  const hasFields = rawField.length + field.length > 0
  if (hasFields && input !== undefined) throw new Problem('--input cannot be combined with -f or -F', EXIT.usage)
  if (input !== undefined && (method === 'GET' || method === 'HEAD'))
    throw new Problem(`a ${method} request has no body. Omit --input, or use another method`, EXIT.usage)
  const isQuery = WITHOUT_BODY.has(method)
  const headers = parseHeaders(header)
  if (input !== undefined)
    return { method, url, headers: { 'content-type': 'application/json', ...headers }, body: await readBody(input) }
  if (!hasFields) return { method, url, headers }
  const fields = await parseFields(rawField, field)
  return isQuery
    ? { method, url, headers, query: fields.map(([key, value]) => [key, String(value)]) }
    : { method, url, headers, body: { kind: 'json', value: buildBody(fields) } }
}

/** The request as text, without credentials, for a dry run. */
export const describeRequest = ({ method, url, query = [], headers = {}, body }: HttpRequest): string => {
  const search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString()
  const lines = [
    `${method} ${url}${search === '' ? '' : `${url.includes('?') ? '&' : '?'}${search}`}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  if (body?.kind === 'json') lines.push('', JSON.stringify(body.value))
  if (body?.kind === 'bytes') lines.push('', Buffer.from(body.bytes).toString().trimEnd())
  if (body?.kind === 'stream') lines.push('', body.size === null ? '(bytes)' : `(${body.size} bytes)`)
  return lines.join('\n')
}
