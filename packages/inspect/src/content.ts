import { findSignature } from './content-signatures.ts'
import { toLatin1 } from './fields.ts'
import type { Content } from './inspection.ts'
import { identifyTar } from './tar-header.ts'
import { identifyText } from './text-content.ts'

/** In bytes: as much of the beginning as `identifyContent` looks at. */
export const CONTENT_HEAD_LENGTH = 4096

const EMPTY: Content = { kind: 'empty', id: 'empty', title: 'empty (0 bytes)', advice: 'Check its source' }

/** Media types of pages and error messages. Not `text/plain`, which servers use for unknown files. */
const PAGES: ReadonlyMap<string, string> = new Map([
  ['text/html', 'a web page'],
  ['application/xhtml+xml', 'a web page'],
  ['application/json', 'a JSON document'],
  ['application/problem+json', 'a JSON document'],
  ['application/xml', 'an XML document'],
  ['text/xml', 'an XML document'],
])

const parseMediaType = (contentType: string): string => contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''

/** The media type and title of a page, by a server's `Content-Type`; `null`: not a page, or no header. */
export const findPageType = (contentType: string | null): { readonly type: string; readonly title: string } | null => {
  const type = parseMediaType(contentType ?? '')
  const title = PAGES.get(type)
  return title === undefined ? null : { type, title }
}

/** A `Content-Type` alone does not prove that bytes are not a disk, so it counts only for bytes without zeros. */
const findContentByType = (head: Uint8Array, contentType: string | null): Content | null => {
  const page = findPageType(contentType)
  if (page === null || head.includes(0)) return null
  return {
    kind: 'text',
    id: 'page',
    title: `${page.title} (the server sends it as ${page.type})`,
    advice: 'Check the URL: it may return a web page or an error',
  }
}

/**
 * Recognizes bytes that are not a disk by their beginning; `null`: they may be a disk, or unknown bytes.
 * @param head the first `CONTENT_HEAD_LENGTH` bytes, or all there are.
 * @param contentType the `Content-Type` header of their server; `null`: none.
 */
export const identifyContent = (head: Uint8Array, contentType: string | null = null): Content | null => {
  if (head.length === 0) return EMPTY
  const first = head.subarray(0, CONTENT_HEAD_LENGTH)
  return (
    findSignature(toLatin1(first)) ?? identifyTar(first) ?? identifyText(first) ?? findContentByType(first, contentType)
  )
}
