/** Limits the message, because the server controls its length. */
const LONGEST_MESSAGE = 2000
const LONGEST_BODY = 16 * 1024

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
])

const character = (reference: string): string | undefined => {
  const hex = /^#[xX]([0-9a-fA-F]{1,6})$/.exec(reference)?.[1]
  const decimal = /^#([0-9]{1,7})$/.exec(reference)?.[1]
  if (hex === undefined && decimal === undefined) return NAMED.get(reference)
  const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '\ufffd'
}

/** Resolves HTML character references once: `&amp;lt;` becomes `&lt;`. Unknown references are kept. */
const decodeEntities = (text: string): string =>
  text.replace(/&(#?[0-9a-zA-Z]{1,8});/g, (whole, reference: string) => character(reference) ?? whole)

/** Limits the body, because parsing a longer one only costs time. */
export const readable = (bodyText: string): string => bodyText.slice(0, LONGEST_BODY)

/**
 * Converts text to one well-formed line of at most 2,000 characters. Replaces `<br />` by a space, resolves character references,
 * and removes control characters, which could control a terminal.
 */
export const oneLine = (text: string): string => {
  const line = decodeEntities(readable(text).replace(/<br\s{0,9}\/?>/gi, ' '))
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
  return (line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE - 1)}…` : line).replace(
    /\p{Surrogate}/gu,
    '\ufffd',
  )
}

/** Start and end of the invisible parts of a page. */
const HIDDEN: ReadonlyMap<string, RegExp> = new Map([
  ['<!--', /-->/g],
  ['<script', /<\/script\s{0,9}>/gi],
  ['<style', /<\/style\s{0,9}>/gi],
])

/** Removes comments, scripts and styles. An unterminated part is kept, and its end is searched for only once. */
const withoutHidden = (html: string): string => {
  const starts = /<!--|<(?:script|style)\b/gi
  const endless = new Set<string>()
  let shown = ''
  let from = 0
  for (let start = starts.exec(html); start !== null; start = starts.exec(html)) {
    const kind = start[0].toLowerCase()
    const ends = HIDDEN.get(kind)
    if (ends === undefined || endless.has(kind)) continue
    ends.lastIndex = starts.lastIndex
    if (ends.test(html)) {
      shown += `${html.slice(from, start.index)} `
      from = ends.lastIndex
      starts.lastIndex = from
    } else endless.add(kind)
  }
  return shown + html.slice(from)
}

/** Converts HTML to one line of text. */
export const textOfHtml = (html: string): string => oneLine(withoutHidden(readable(html)).replace(/<[^<>]*>/g, ' '))
