import type { GlanceRefusal } from './refusal.ts'

export interface ErrorBody {
  readonly contentType: string
  readonly body: string
}

const HTML = 'text/html'
const JSON_TYPE = 'application/json'

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#x27;'],
])

const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ESCAPED.get(character) ?? character)

const asIs = (text: string): string => text

/** Replaces everything from each `start` to the next `>`, like the pattern `start.*?>`, but in linear time. */
const replaceTags = (html: string, start: string, instead: string): string => {
  let result = ''
  let from = 0
  for (let at = html.indexOf(start); at !== -1; at = html.indexOf(start, from)) {
    const end = html.indexOf('>', at + start.length)
    if (end === -1) break
    result += html.slice(from, at) + instead
    from = end + 1
  }
  return result + html.slice(from)
}

/** https://github.com/Pylons/webob/blob/main/src/webob/exc.py, `strip_tags`. */
const stripTags = (html: string): string => replaceTags(replaceTags(html.replaceAll('\n', ' '), '<br', '\n'), '<', '')

interface Range {
  readonly type: string
  readonly quality: number
}

const ranges = (accept: string): readonly Range[] =>
  accept.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase())
    const quality = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1)
    return { type, quality: Number.isNaN(quality) ? 1 : quality }
  })

const findQuality = (offer: string, accepted: readonly Range[]): number => {
  const fitting = [offer, `${offer.split('/')[0]}/*`, '*/*'].map((type) =>
    accepted.find((range) => range.type === type),
  )
  return fitting.find((range) => range !== undefined)?.quality ?? 0
}

/** HTML wins every tie, so axios and curl receive it with their default `Accept`; without a match, or without `Accept`, the body is plain text. */
const negotiate = (accept: string | undefined): typeof HTML | typeof JSON_TYPE | null => {
  if (accept === undefined || accept === '') return null
  const accepted = ranges(accept)
  const html = findQuality(HTML, accepted)
  const json = findQuality(JSON_TYPE, accepted)
  if (html === 0 && json === 0) return null
  return html >= json ? HTML : JSON_TYPE
}

export const errorBody = ({ status, title, render }: GlanceRefusal, accept: string | undefined): ErrorBody => {
  const line = `${status} ${title}`
  switch (negotiate(accept)) {
    case JSON_TYPE:
      return { contentType: JSON_TYPE, body: JSON.stringify({ message: render(asIs), code: line, title }) }
    case HTML:
      return {
        contentType: 'text/html; charset=UTF-8',
        body: `<html>\n <head>\n  <title>${line}</title>\n </head>\n <body>\n  <h1>${line}</h1>\n  ${render(escapeHtml)}\n </body>\n</html>`,
      }
    default:
      return { contentType: 'text/plain; charset=UTF-8', body: `${line}\n\n${stripTags(render(asIs))}` }
  }
}
