import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { html, jsonContent, toPrintable, trustedHtml } from '../src/html.ts'

describe('html', () => {
  it('escapes text', () => {
    expect(html`<b title="${'"x"'}">${"<i>&'"}</b>`.text).toBe('<b title="&quot;x&quot;">&lt;i&gt;&amp;&#39;</b>')
  })

  it('keeps HTML and joins lists', () => {
    expect(html`${[html`<i>1</i>`, trustedHtml('<b>2</b>')]}`.text).toBe('<i>1</i><b>2</b>')
  })

  it('shows characters that change the direction of text', () => {
    expect(html`${'a\u202eb'}`.text).toBe('a\\u202eb')
  })

  it('never lets text become markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"']/)
      }),
    )
  })
})

describe('jsonContent', () => {
  it('cannot end its script element', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('</script>', '<!--', '\u2028'), (value, text) => {
        const content = jsonContent([value, text]).text
        expect(content).not.toContain('<')
        expect(JSON.parse(content)).toEqual(JSON.parse(JSON.stringify([value, text])))
      }),
    )
  })
})

describe('toPrintable', () => {
  it('leaves ordinary text alone', () => {
    expect(toPrintable('Ubuntu 24.04 – größer')).toBe('Ubuntu 24.04 – größer')
  })
})
