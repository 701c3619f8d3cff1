import { STATUS_CODES } from 'node:http'

type Escape = (text: string) => string

/** An answer of Glance that is no success. Its body's form follows `Accept`, as WebOb's does. */
export interface GlanceRefusal extends Error {
  readonly status: number
  readonly title: string
  readonly headers: Readonly<Record<string, string>>
  /** The HTML of the message, with what came from outside passed through `escape`. */
  readonly render: (escape: Escape) => string
  /** Without a body, as where Glance breaks outside its own middleware. */
  readonly isBare?: boolean
}

export const isGlanceRefusal = (error: unknown): error is GlanceRefusal => error instanceof Error && 'render' in error

const TITLES: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  416: 'Request Range Not Satisfiable',
}

export const titleOf = (status: number): string => TITLES[status] ?? STATUS_CODES[status] ?? 'Error'

const refusal = (
  status: number,
  render: GlanceRefusal['render'],
  headers: Readonly<Record<string, string>> = {},
): GlanceRefusal => Object.assign(new Error(`glance ${status}`), { status, title: titleOf(status), headers, render })

/** `explanation` stands in the first line; `detail` below it, where Glance gives the class its own first line. */
export const refuse = (status: number, explanation: string, detail = ''): GlanceRefusal =>
  refusal(status, (escape) => `${escape(explanation)}<br /><br />\n${escape(detail)}\n\n`)

export const accessDenied = (detail: string): GlanceRefusal =>
  refuse(403, 'Access was denied to this resource.', detail)

export const notAuthorized = (policy: string): GlanceRefusal =>
  refuse(403, `You are not authorized to complete ${policy} action.`)

export const noImage = (id: string): GlanceRefusal => refuse(404, `No image found with ID ${id}`)

/** The same, as members and tags say it. */
export const imageNotFound = (id: string): GlanceRefusal => refuse(404, `Image ${id} not found.`)

/** What Glance answers where its own code breaks on a request: a list where it wants an object, a number where it wants text. */
export const serverError = (): GlanceRefusal =>
  refuse(500, 'The server has either erred or is incapable of performing the requested operation.')

/** Where it breaks while it already answers: nothing but the status. */
export const breakdown = (): GlanceRefusal => Object.assign(serverError(), { isBare: true })

export const noResource = (): GlanceRefusal => refuse(404, 'The resource could not be found.')

export const conflict = (detail: string): GlanceRefusal =>
  refuse(409, 'There was a conflict when trying to complete your request.', detail)

export const methodNotAllowed = (method: string, allow: readonly string[]): GlanceRefusal =>
  refusal(405, () => `The method ${method} is not allowed for this resource. <br /><br />\n`, {
    allow: allow.join(', '),
  })

export const unsupportedMediaType = (type: string, headers: Readonly<Record<string, string>> = {}): GlanceRefusal =>
  refusal(
    415,
    (escape) => `The request media type ${escape(type)} is not supported by this server.\n<br /><br />\n`,
    headers,
  )

/** What keystonemiddleware answers for Glance and Nova: no request id, and the root of Keystone. */
export const unauthenticated = (keystone: string): GlanceRefusal =>
  refusal(
    401,
    () =>
      'This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.<br /><br />\n\n\n',
    { 'www-authenticate': `Keystone uri="${keystone}"` },
  )
