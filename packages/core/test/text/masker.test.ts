import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createMasker, MASK } from '../../src/text/masker.ts'

const SECRET = 'p"ss w/ö\\rd&<1%>\'+😀'

const createMaskerFor = (...secrets: readonly string[]): ReturnType<typeof createMasker> => {
  const masker = createMasker()
  secrets.forEach(masker.add)
  return masker
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')
const eachUnit = (text: string, write: (code: number) => string): string =>
  text
    .split('')
    .map((unit) => write(unit.charCodeAt(0)))
    .join('')
const eachByte = (text: string, write: (byte: number) => string): string =>
  [...Buffer.from(text, 'utf8')].map(write).join('')
const eachLetter = (text: string, write: (code: number) => string): string =>
  Array.from(text, (letter) => write(letter.codePointAt(0) ?? 0)).join('')
const inHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)
const phpJson = (text: string): string =>
  eachUnit(inJson(text).replaceAll('/', '\\/'), (code) =>
    code > 126 ? `\\u${hex(code, 4)}` : String.fromCharCode(code),
  )
const goJson = (text: string): string =>
  inJson(text).replaceAll('&', '\\u0026').replaceAll('<', '\\u003c').replaceAll('>', '\\u003E')

/** The encodings in which a server may return a text. */
const SPELLINGS: readonly (readonly [string, (text: string) => string])[] = [
  ['unchanged', (text) => text],
  ['in JSON', inJson],
  ['in JSON within JSON', (text) => inJson(inJson(text))],
  ['in JSON within JSON within JSON', (text) => inJson(inJson(inJson(text)))],
  ['in JSON as PHP and Python write it', phpJson],
  ['in JSON as Go writes it', goJson],
  ['in JSON, each unit escaped', (text) => eachUnit(text, (code) => `\\u${hex(code, 4)}`)],
  ['in JSON, each unit escaped in capitals', (text) => eachUnit(text, (code) => `\\u${hex(code, 4).toUpperCase()}`)],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded in lower case', (text) => encodeURIComponent(text).replaceAll(/%../g, (one) => one.toLowerCase())],
  ['percent-encoded twice', (text) => encodeURIComponent(encodeURIComponent(text))],
  ['percent-encoded, each byte', (text) => eachByte(text, (byte) => `%${hex(byte, 2)}`)],
  ['form-encoded', (text) => new URLSearchParams([['', text]]).toString().slice(1)],
  ['in HTML', inHtml],
  ['in HTML, by numbers', (text) => eachLetter(text, (code) => `&#${code};`)],
  ['in HTML, by hexadecimal numbers', (text) => eachLetter(text, (code) => `&#x${hex(code, 4)};`)],
  ['in HTML within HTML', (text) => inHtml(inHtml(text))],
  ['in HTML within JSON as Go writes it', (text) => goJson(inHtml(text))],
  ['in a Python string', (text) => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")],
  [
    'in a Python bytes literal',
    (text) =>
      eachByte(text.replaceAll('\\', '\\\\'), (byte) =>
        byte > 126 ? `\\x${hex(byte, 2)}` : String.fromCharCode(byte),
      ),
  ],
  ['with doubled quotes', (text) => text.replaceAll("'", "''").replaceAll('"', '""')],
]

describe('mask', () => {
  it.each(SPELLINGS)('masks a secret %s', (_, spell) => {
    expect(createMaskerFor(SECRET).mask(`before ${spell(SECRET)} behind`)).toBe(`before ${MASK} behind`)
  })

  it('masks any secret in any encoding', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 4, maxLength: 30 }),
        fc.constantFrom(...SPELLINGS),
        (secret, [, spell]) => {
          fc.pre(secret.length >= 4 && Buffer.from(secret).toString() === secret)
          expect(createMaskerFor(secret).mask(`(${spell(secret)})`)).toBe(`(${MASK})`)
        },
      ),
    )
  })

  it.each(['base64', 'base64url'] as const)('masks a secret inside %s, between any other bytes', (encoding) => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 40 }),
        fc.string({ maxLength: 9 }),
        fc.string({ maxLength: 9 }),
        (secret, before, behind) => {
          const encoded = Buffer.from(before + secret + behind).toString(encoding)
          const masked = createMaskerFor(secret).mask(encoded)
          expect(masked).toContain(MASK)
          // The remaining ends contain no whole byte of the secret.
          const left = masked.split(MASK).map((part) => part.replaceAll('=', '').length)
          expect(left.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(
            encoded.replaceAll('=', '').length - Math.floor((Buffer.from(secret).length * 8 - 10) / 6),
          )
        },
      ),
    )
  })

  it.each([
    ['terminal colours', '\u001b[1;31m'],
    ['terminal colours escaped in JSON', '\\u001b[0m'],
    ['terminal colours escaped by a shell', '\\x1b[0m'],
    ['a line end', '\n'],
    ['a line end with indentation', '\r\n   '],
    ['an escaped line end', '\\r\\n'],
    ['a NUL', '\0'],
    ['a zero-width space', '\u200b'],
    ['a soft hyphen', '\u00ad'],
    ['a right-to-left override', '\u202e'],
  ])('masks a secret that is split by %s', (_, cut) => {
    const secret = 'Zx"q&<\\/Wörd 9%+tResor'
    const masker = createMaskerFor(secret)
    for (let at = 1; at < secret.length; at++)
      expect(masker.mask(`(${secret.slice(0, at)}${cut}${secret.slice(at)})`)).toBe(`(${MASK})`)
    expect(masker.mask(`(${Array.from(secret).join(cut)})`)).toBe(`(${MASK})`)
  })

  it('masks a secret in folded base64', () => {
    const secret = 'a password that is long enough for a line of its own, and for another one, and for the third'
    const folded = (
      Buffer.from(`demo:${secret}`)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\n  ')
    expect(createMaskerFor(secret).mask(folded)).toMatch(/^[\w+/]{0,9}\*\*\*[\w+/=]{0,8}$/)
  })

  it('does not mask a secret that is split by too many characters', () => {
    const text = `secr${'\n'.repeat(100)}et`
    expect(createMaskerFor('secret').mask(text)).toBe(text)
  })

  it('masks a secret in escaped base64', () => {
    const secret = 'sub?ject>>token~~~???'
    const encoded = Buffer.from(`demo:${secret}`).toString('base64')
    expect(encoded).toMatch(/[+/]/)
    for (const text of [encodeURIComponent(encoded), encoded.replaceAll('/', '\\/')])
      expect(createMaskerFor(secret).mask(text)).toMatch(/^[\w%]{0,9}\*\*\*[\w%=]{0,8}$/)
  })

  it('returns other text unchanged', () => {
    const text = '{"message": "image 6e3f7a52-90c1-4d1a-b0a5-0e2d1f9ab001 not found, 100% of \\"it\\" & more"}'
    expect(createMaskerFor(SECRET, 'hunter2', '123456').mask(text)).toBe(text)
    expect(createMasker().mask(SECRET)).toBe(SECRET)
  })

  it('masks several secrets, and the longer one if one starts with the other', () => {
    expect(createMaskerFor('hunter2', 'hunter2000', 'otherone').mask('hunter2000 hunter2 otherone hunter')).toBe(
      '*** *** *** hunter',
    )
  })

  it('ignores secrets of fewer than 4 characters', () => {
    expect(createMaskerFor('abc', '').mask('abc')).toBe('abc')
  })

  it('keeps the keys of an API error even if one of them is a password', () => {
    expect(createMaskerFor('message').mask('{"message": "the message is no password"}')).toBe(
      '{"message": "the *** is no password"}',
    )
  })

  it('masks the 200 most recently added secrets', () => {
    const masker = createMaskerFor('the-password')
    for (let one = 0; one < 300; one++) {
      masker.add(`token-number-${one}-`)
      masker.add('the-password')
    }
    expect(masker.mask('the-password token-number-299- token-number-0-')).toBe('*** *** token-number-0-')
  })
})

describe('maskOwn', () => {
  it.each([
    ['openstack', 'openstack/lab: refused'],
    ['123456', 'image 123456'],
    ['demo1', 'demo1-image'],
  ])('keeps %s, which may be a word of imago', (secret, text) => {
    expect(createMaskerFor(secret).maskOwn(text)).toBe(text)
    expect(createMaskerFor(secret).mask(text)).toContain(MASK)
  })

  it('masks other secrets', () => {
    expect(createMaskerFor('demo-password').maskOwn('the demo-password is demo%2Dpassword')).toBe('the *** is ***')
  })
})
