import type { HttpMethod, HttpRequest } from '@imago/http'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { didYouMean } from '../suggest.ts'
import { readBody } from './body.ts'
import { buildBody, parseFields } from './fields.ts'

/** What the command line says of a request. */
export interface RawRequestOptions {
  /** `key=value`, each: of the query, or of a JSON body where the method has one. The value is text. */
  readonly rawField?: readonly string[] | undefined
  /** The same, but `true`, `false`, `null` and whole numbers are what they say, and `@file` is what a file holds. */
  readonly field?: readonly string[] | undefined
  /** A file that holds the body; `-`: standard input. */
  readonly input?: string | undefined
  /** `Name: value`, each. */
  readonly header?: readonly string[] | undefined
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const satisfies readonly HttpMethod[]
const WITHOUT_BODY: ReadonlySet<HttpMethod> = new Set<HttpMethod>(['GET', 'HEAD', 'OPTIONS', 'DELETE'])

/** imago's own to set: another credential does not belong to this cloud. */
const CREDENTIALS = new Set(['authorization', 'x-auth-token', 'cookie'])

const parseMethod = (text: string): HttpMethod => {
  const found = METHODS.find((method) => method === text.toUpperCase())
  if (found !== undefined) return found
  throw new Problem(
    `there is no method ${text}.${didYouMean(text.toUpperCase(), METHODS)} There are: ${METHODS.join(', ')}`,
    EXIT.usage,
  )
}

/** Windows' shells would turn a leading slash into a path of theirs: it may be left out. A whole address stays one, and is refused if it is another host's. */
const toPath = (text: string): string =>
  text.startsWith('/') || /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `/${text}`

const parseHeader = (text: string): readonly [name: string, value: string] => {
  const at = text.indexOf(':')
  if (at < 1) throw new Problem(`--header: ${text} is not NAME:VALUE`, EXIT.usage)
  return [text.slice(0, at).trim().toLowerCase(), text.slice(at + 1).trimStart()]
}

const parseHeaders = (texts: readonly string[]): Readonly<Record<string, string>> => {
  const headers = texts.map(parseHeader)
  const own = headers.find(([name]) => CREDENTIALS.has(name))
  if (own !== undefined)
    throw new Problem(`--header: ${own[0]} is imago’s to set, from the configuration of the cloud`, EXIT.usage)
  return Object.fromEntries(headers)
}

/** The request of `imago api CLOUD [METHOD] PATH`. */
export const parseRawRequest = async (
  words: readonly string[],
  { rawField = [], field = [], input, header = [] }: RawRequestOptions,
): Promise<HttpRequest> => {
  const [first = '', second, ...more] = words
  if (more.length > 0 || first === '')
    throw new Problem('one method and one path are wanted: imago api CLOUD [METHOD] PATH', EXIT.usage)
  const method = second === undefined ? 'GET' : parseMethod(first)
  const url = toPath(second ?? first)
  const hasFields = rawField.length + field.length > 0
  if (hasFields && input !== undefined)
    throw new Problem('-f, -F and --input all state what is sent: give one of them', EXIT.usage)
  if (input !== undefined && (method === 'GET' || method === 'HEAD'))
    throw new Problem(`a ${method} request has no body: leave out --input, or name another method`, EXIT.usage)
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

/** The request as it would be sent, for a dry run: without the credential. */
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
