const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')
const eachUnit = (text: string, write: (code: number) => string): string =>
  text
    .split('')
    .map((unit) => write(unit.charCodeAt(0)))
    .join('')
const eachByte = (text: string, write: (byte: number) => string): string =>
  [...Buffer.from(text, 'utf8')].map(write).join('')
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)
const inHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** The encodings in which servers repeat a text. */
export const SPELLINGS: ReadonlyMap<string, (text: string) => string> = new Map([
  ['as it is', (text) => text],
  ['JSON', inJson],
  ['JSON within JSON', (text) => inJson(inJson(text))],
  ['JSON as PHP writes it', (text) => inJson(text).replaceAll('/', '\\/')],
  [
    'JSON as Go writes it',
    (text) => inJson(text).replaceAll('&', '\\u0026').replaceAll('<', '\\u003c').replaceAll('>', '\\u003e'),
  ],
  ['escapes of JSON only', (text) => eachUnit(text, (code) => `\\u${hex(code, 4)}`)],
  ['URL', encodeURIComponent],
  ['URL in lower case', (text) => encodeURIComponent(text).replaceAll(/%../g, (one) => one.toLowerCase())],
  ['URL twice', (text) => encodeURIComponent(encodeURIComponent(text))],
  ['URL of bytes only', (text) => eachByte(text, (byte) => `%${hex(byte, 2)}`)],
  ['form', (text) => new URLSearchParams([['', text]]).toString().slice(1)],
  ['HTML', inHtml],
  ['HTML of numbers only', (text) => eachUnit(text, (code) => `&#${code};`)],
  ['base64', base64],
  ['base64 with the user', (text) => base64(`demo:${text}`)],
  ['base64url within more', (text) => Buffer.from(`a login of demo by ${text}, refused`).toString('base64url')],
])

const DECODERS: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  (text) => text.replaceAll(/\\(.)/g, '$1'),
  (text) => text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString()),
  (text) => text.replaceAll('+', ' '),
  (text) =>
    text
      .replaceAll(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  // Decode from each of the four possible alignments.
  (text) =>
    text.replaceAll(/[\w+/-]{8,}/g, (run) =>
      [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64').toString()).join('\n'),
    ),
]

/** Whether `text` contains the secret after up to three layers of decoding. */
export const reveals = (text: string, secret: string, layers = 3): boolean =>
  text.includes(secret) ||
  (layers > 0 &&
    DECODERS.some((decode) => {
      const decoded = decode(text)
      return decoded !== text && reveals(decoded, secret, layers - 1)
    }))
