import { signatureOf } from './content-signatures.ts'
import { latin1 } from './fields.ts'
import type { Content } from './inspection.ts'
import { tarContent } from './tar-header.ts'
import { textContent } from './text-content.ts'

/** As many first bytes as are worth giving to `identifyContent`: a shorter head is recognized by what it holds. */
export const CONTENT_HEAD = 4096

const EMPTY: Content = { kind: 'empty', id: 'empty', title: 'empty (0 bytes)', advice: 'Check where it comes from' }

/** Media types of pages and answers. Not `text/plain`: servers call so what they do not know. */
const PAGES: ReadonlyMap<string, string> = new Map([
  ['text/html', 'a web page'],
  ['application/xhtml+xml', 'a web page'],
  ['application/json', 'a JSON document'],
  ['application/problem+json', 'a JSON document'],
  ['application/xml', 'an XML document'],
  ['text/xml', 'an XML document'],
])

const typeOf = (contentType: string): string => contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''

/** What a server's `Content-Type` says that no disk has; `null`: nothing, or nothing that can be relied on. */
export const pageType = (contentType: string | null): { readonly type: string; readonly title: string } | null => {
  const type = typeOf(contentType ?? '')
  const title = PAGES.get(type)
  return title === undefined ? null : { type, title }
}

/** A type alone refuses no bytes that could be a disk: those have zeros. */
const contentByType = (head: Uint8Array, contentType: string | null): Content | null => {
  const page = pageType(contentType)
  if (page === null || head.includes(0)) return null
  return { kind: 'text', id: 'page', title: `${page.title} (its server sends it as ${page.type})`, advice: 'Check the URL: it may answer with a page for people, or with an error' }
}

/**
 * What bytes are that are no disk, by the first of them; `null`: they may be a disk, or any other bytes.
 * @param head the first `CONTENT_HEAD` bytes, or all there are.
 * @param contentType what the server said of them; `null`: nothing.
 */
export const identifyContent = (head: Uint8Array, contentType: string | null = null): Content | null => {
  if (head.length === 0) return EMPTY
  const first = head.subarray(0, CONTENT_HEAD)
  return signatureOf(latin1(first)) ?? tarContent(first) ?? textContent(first) ?? contentByType(first, contentType)
}
