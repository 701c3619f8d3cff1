import { findRequestId } from './headers.ts'
import type { TextResponse } from './port.ts'

/** A page for people that answered in place of an API. */
export interface WebPage {
  /** `null`: it has none. */
  readonly title: string | null
  /** Scheme, host, port and path that were asked. */
  readonly address: string
}

/** The page of webob, in which Glance, Nova and Keystone's middleware write errors where JSON is not asked for. Pylons/webob, src/webob/exc.py, html_template_obj. */
const WEBOB = /^\s*<html>\s*<head>\s*<title>(\d{3} [^<]{0,200})<\/title>\s*<\/head>\s*<body>\s*<h1>([^<]{0,210})<\/h1>/i

/** Whether an API of OpenStack wrote it: the title stands once more above the text. */
const isWebob = (text: string): boolean => {
  const [, title, heading] = WEBOB.exec(text) ?? []
  return title !== undefined && title === heading
}

const MARKUP = /^\s*(?:<!--[^]{0,2000}?-->\s*)?<(?:!doctype html|html|head|body|title|script)\b/i

const MOST_TITLE = 200

const addressOf = (url: string): string => {
  try {
    const { origin, pathname } = new URL(url)
    return `${origin}${pathname}`
  } catch {
    return 'the address that was asked'
  }
}

/** The web page in an answer; `null`: it is none, or one of the service itself, which gives its answers an id or asks for its own credentials. */
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
    .slice(0, MOST_TITLE)
  return { title: title === undefined || title === '' ? null : title, address: addressOf(url) }
}

/** A status that says of itself what is wrong, whoever answers with it. */
const TELLING: ReadonlySet<number> = new Set([408, 413, 429])

/** Whether a page tells that something else than the service is at an address: not that a gateway before it has a bad moment. */
export const isWrongEndpoint = (status: number): boolean => (status < 500 || status === 511) && !TELLING.has(status)

/** What gateways say of TLS, once they speak HTTP. nginx, src/http/ngx_http_special_response.c; httpd, modules/ssl/ssl_engine_kernel.c. */
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

/** What answered, in words, and what to do. `service`: what should have, as `Glance`. */
export const describeWebPage = (
  { title, address }: WebPage,
  service: string,
): { readonly what: string; readonly hint: string } => ({
  what: `a web page answered, not ${service}: ${title === null ? 'one without a title' : `“${title}”`} at ${address}`,
  hint:
    TLS_PAGES.find(([words]) => words.test(title ?? ''))?.[1] ??
    `Check the address of ${service}, and what stands before it: a gateway, a proxy, a sign-on page`,
})
