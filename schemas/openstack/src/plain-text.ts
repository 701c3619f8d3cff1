/** No message has a use for more, and one could be as long as the server likes. */
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

/** Text with the character references of HTML resolved, once: `&amp;lt;` is `&lt;`. What is none stays. */
const decodeEntities = (text: string): string => text.replace(/&(#?[0-9a-zA-Z]{1,8});/g, (whole, reference: string) => character(reference) ?? whole)

/** The part of a body that is worth reading: what follows could only make the reading slow. */
export const readable = (bodyText: string): string => bodyText.slice(0, LONGEST_BODY)

/**
 * Text as one well-formed line of 2,000 characters at most: `<br />` is a space, character references are resolved, and control characters
 * go, for they can drive a terminal.
 */
export const oneLine = (text: string): string => {
  const line = decodeEntities(readable(text).replace(/<br\s{0,9}\/?>/gi, ' '))
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
  return (line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE - 1)}…` : line).replace(/\p{Surrogate}/gu, '\ufffd')
}

/** HTML as one line of text. */
export const textOfHtml = (html: string): string =>
  oneLine(
    readable(html)
      .replace(/<!--[^]*?-->|<(script|style)\b[^]*?<\/\1\s{0,9}>/gi, ' ')
      .replace(/<[^<>]*>/g, ' '),
  )
