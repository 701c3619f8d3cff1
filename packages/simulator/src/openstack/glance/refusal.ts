import { STATUS_CODES } from 'node:http'

type Escape = (text: string) => string

/** An error response of Glance. The body's format depends on `Accept`, as in WebOb. */
export interface GlanceRefusal extends Error {
  readonly status: number
  readonly title: string
  readonly headers: Readonly<Record<string, string>>
  /** Renders the message as HTML and passes input from requests through `escape`. */
  readonly render: (escape: Escape) => string
  /** Whether the body is missing, as when Glance fails outside its own middleware. */
  readonly isBare?: boolean
}

export const isGlanceRefusal = (error: unknown): error is GlanceRefusal => error instanceof Error && 'render' in error

const TITLES: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  416: 'Request Range Not Satisfiable',
}

export const getTitle = (status: number): string => TITLES[status] ?? STATUS_CODES[status] ?? 'Error'

const refusal = (
  status: number,
  render: GlanceRefusal['render'],
  headers: Readonly<Record<string, string>> = {},
): GlanceRefusal => Object.assign(new Error(`glance ${status}`), { status, title: getTitle(status), headers, render })

/** `explanation` is the first line; `detail` follows if Glance's exception class has its own first line. */
export const refuse = (status: number, explanation: string, detail = ''): GlanceRefusal =>
  refusal(status, (escape) => `${escape(explanation)}<br /><br />\n${escape(detail)}\n\n`)

export const accessDenied = (detail: string): GlanceRefusal =>
  refuse(403, 'Access was denied to this resource.', detail)

export const notAuthorized = (policy: string): GlanceRefusal =>
  refuse(403, `You are not authorized to complete ${policy} action.`)

export const noImage = (id: string): GlanceRefusal => refuse(404, `No image found with ID ${id}`)

/** The message of the same error for members and tags. */
export const imageNotFound = (id: string): GlanceRefusal => refuse(404, `Image ${id} not found.`)

/** Glance's response when a request breaks its own code: a list instead of an object, or a number instead of a string. */
export const serverError = (): GlanceRefusal =>
  refuse(500, 'The server has either erred or is incapable of performing the requested operation.')

/** The response when Glance breaks after it started to respond: the status only. */
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

/** The 401 of keystonemiddleware in front of Glance and Nova: without request ID, with Keystone's root. */
export const unauthenticated = (keystone: string): GlanceRefusal =>
  refusal(
    401,
    () =>
      'This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.<br /><br />\n\n\n',
    { 'www-authenticate': `Keystone uri="${keystone}"` },
  )
