/** HTML text. Only the functions of this file create it, so that external text is always escaped. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])

/** Characters that control terminals, break lines or turn the direction of text: they are shown as escapes. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

/** `text` with such characters visible: `\u202e`. */
export const toPrintable = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

const escapeText = (text: string): string =>
  toPrintable(text).replace(/[&<>"']/g, (character) => ENTITIES.get(character) ?? character)

/** Values of a template: text is escaped, lists are joined. */
export type HtmlValue = string | number | Html | readonly HtmlValue[]

const toText = (value: HtmlValue): string => {
  if (value instanceof Html) return value.text
  if (typeof value === 'string') return escapeText(value)
  return typeof value === 'number' ? String(value) : value.map(toText).join('')
}

/** A template of HTML. Values are escaped, unless they are HTML. */
export const html = (parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html =>
  new Html(parts.map((part, index) => (index === 0 ? part : toText(values[index - 1] ?? '') + part)).join(''))

/** HTML from a library, or from the assets of this package. */
export const trustedHtml = (text: string): Html => new Html(text)

/** A JSON document as the content of a script element: `<` cannot end it. */
export const jsonContent = (value: unknown): Html =>
  new Html(
    JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029'),
  )
