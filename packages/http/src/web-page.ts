import { findRequestId } from './headers.ts'
import type { TextResponse } from './port.ts'

/** A web page in place of an API response. */
export interface WebPage {
  /** `null`: none. */
  readonly title: string | null
  /** Scheme, host, port and path of the request. */
  readonly address: string
}

/** The error page of webob, which Glance, Nova and Keystone's middleware return if JSON is not requested. Pylons/webob, src/webob/exc.py, html_template_obj. */
const WEBOB = /^\s*<html>\s*<head>\s*<title>(\d{3} [^<]{0,200})<\/title>\s*<\/head>\s*<body>\s*<h1>([^<]{0,210})<\/h1>/i

/** Whether it is an error page of OpenStack, which repeats the title as a heading. */
const isWebob = (text: string): boolean => {
  const [, title, heading] = WEBOB.exec(text) ?? []
  return title !== undefined && title === heading
}

const MARKUP = /^\s*(?:<!--[^]{0,2000}?-->\s*)?<(?:!doctype html|html|head|body|title|script)\b/i

const MAX_TITLE_LENGTH = 200

const formatAddress = (url: string): string => {
  try {
    const { origin, pathname } = new URL(url)
    return `${origin}${pathname}`
  } catch {
    return 'the requested address'
  }
}

/** The web page in a response; `null`: none, or one of the service itself, which sends a request ID or requires its credentials. */
export const readWebPage = ({ headers, text, url }: Pick<TextResponse, 'headers' | 'text' | 'url'>): WebPage | null => {
  if (
    !MARKUP.test(text) ||
    isWebob(text) ||
    findRequestId(headers) !== null ||
    /^keystone\b/i.test(headers.get('www-authenticate') ?? '')
  )
    return null
  const title = /<title[^<>]{0,200}>([^<]{0,1000})</i
    .exec(text)?.[1]
    ?.replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_TITLE_LENGTH)
  return { title: title === undefined || title === '' ? null : title, address: formatAddress(url) }
}

/** Statuses that describe the problem, regardless of the sender. */
const DESCRIPTIVE: ReadonlySet<number> = new Set([408, 413, 429])

/** Whether a page means that the address is not the service, rather than a temporary error of its gateway. */
export const isWrongEndpoint = (status: number): boolean => (status < 500 || status === 511) && !DESCRIPTIVE.has(status)

/** Pages of gateways about TLS. nginx, src/http/ngx_http_special_response.c; httpd, modules/ssl/ssl_engine_kernel.c. */
const TLS_PAGES: readonly (readonly [RegExp, string])[] = [
  [
    /no required ssl certificate was sent/i,
    'Set the client certificate and its key in the configuration of this cloud (cert and key in clouds.yaml)',
  ],
  [
    /ssl certificate error/i,
    'Use a client certificate that is valid, and signed by an authority that the server trusts',
  ],
  [/plain http request was sent to https port|speaking plain http to an ssl/i, 'Use an https address'],
]

/** Describes a web page, and what to do. `service`: the expected service, such as `Glance`. */
export const describeWebPage = (
  { title, address }: WebPage,
  service: string,
): { readonly what: string; readonly hint: string } => ({
  what: `a web page ${title === null ? 'without a title ' : ''}responded instead of ${service}${title === null ? '' : `: “${title}”`} at ${address}`,
  hint:
    TLS_PAGES.find(([words]) => words.test(title ?? ''))?.[1] ??
    `Check the address of ${service}, and the gateway, proxy or sign-on page before it`,
})
