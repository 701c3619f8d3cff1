import { toDecoder, Notes } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import { GlanceFault, KeystoneFault, NOVA_FAULTS, NovaError, type KeystoneError } from './fault.ts'
import { oneLine, readable, textOfHtml } from './plain-text.ts'

/** An error response in plain text. Glance's JSON, HTML and text forms of the same error yield the same value. */
export interface FaultText {
  /** `Forbidden` */
  readonly title: string | null
  /** Never empty; one line of at most 2,000 characters, without markup and control characters. */
  readonly message: string
  /** `403 Forbidden` in Glance, `403` in Keystone; null for other sources. */
  readonly code: string | null
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** For a status line such as `403 Forbidden`, the whole line is Glance's code and its text is the title. */
const fromHeading = (heading: string, message: string): FaultText => {
  const words = /^\d{3} (.+)$/.exec(heading)?.[1]
  return { title: words ?? (heading || null), message, code: words === undefined ? null : heading }
}

const fromFault = ({ message, code, title }: GlanceFault | KeystoneError | NovaError): FaultText => ({
  title: oneLine(title ?? '') || null,
  message: oneLine(message),
  code: oneLine(String(code ?? '')) || null,
})

const decodeGlance = toDecoder(GlanceFault)
const decodeNova = toDecoder(NovaError)
const decodeKeystone = toDecoder(KeystoneFault)

const fromJson = (body: unknown): FaultText | null => {
  const keystone = decodeKeystone(body, new Notes())
  if (E.isRight(keystone)) return fromFault(keystone.right.error)
  const glance = decodeGlance(body, new Notes())
  if (E.isRight(glance)) return fromFault(glance.right)
  const [[kind, said] = [''], ...others] = Object.entries(body ?? {})
  const nova = others.length === 0 && NOVA_FAULTS.has(kind) ? decodeNova(said, new Notes()) : null
  return nova !== null && E.isRight(nova) ? fromFault(nova.right) : null
}

/** A rule with the name of the server below it, in error pages of nginx and Apache. nginx, src/http/ngx_http_special_response.c; httpd, server/core.c, ap_psignature. */
const SIGNATURE = /<hr\b[^<>]*>[^]*$/i

/** Error pages of webob, Keystone (Flask) and proxies: the heading is the status, the remaining text is the message. */
const fromHtml = (html: string): FaultText => {
  const title = /<title[^<>]*>([^<]*)<\/title\s{0,9}>/i.exec(html)
  const heading = /<h1[^<>]*>([^<]*)<\/h1\s{0,9}>/i.exec(html)
  const rest = [title, heading].reduce(
    (left, match) => (match === null ? left : left.replace(match[0], () => ' ')),
    html,
  )
  return fromHeading(oneLine(title?.[1] ?? heading?.[1] ?? ''), textOfHtml(rest.replace(SIGNATURE, '')))
}

/** webob's plain text: the status, an empty line, the message. Other text is all message. */
const fromText = (text: string): FaultText => {
  const [, heading, message] = /^\s*(\d{3} [^\r\n]{1,200})\r?\n\r?\n([^]*)$/.exec(text) ?? []
  return heading === undefined
    ? { title: null, message: oneLine(text), code: null }
    : fromHeading(oneLine(heading), oneLine(message ?? ''))
}

/**
 * Reads a response with a status of 300 or above, from Glance (JSON, HTML or text), Keystone, Nova, or a proxy in front of them.
 * JSON of an unknown shape is not included in the message. Never throws.
 */
export const readFault = (status: number, contentType: string | null, bodyText: string): FaultText => {
  const body = parse(bodyText)
  const isHtml = /html/i.test(contentType ?? '') || /^\s*</.test(bodyText)
  const fault =
    (typeof body === 'object' ? fromJson(body) : (isHtml ? fromHtml : fromText)(readable(bodyText))) ?? fromText('')
  return { ...fault, message: fault.message || fault.title || `the server returned ${status} without a message` }
}
