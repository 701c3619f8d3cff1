import { describe, expect, it } from '@jest/globals'
import type { Image } from '@imago/core'
import { normalize } from 'imago'
import { imageJson, type FieldEvidence } from '../../src/output/image-json.ts'
import { glance, nested } from '../records.ts'

const imageOf = (record: unknown): Image => normalize(record).items[0] as Image
const rawOf = (text: string): string =>
  /"raw":(.*)\}$/s.exec(imageJson(imageOf(JSON.parse(text)), text, null))?.[1] ?? ''

const odd = '"odd": 12345678901234567890, "n": 1e999, "z": 1.50, "e": "\\u00e9\\/"'

describe('imageJson', () => {
  it('keeps the spelling of a compact record', () => {
    const text = JSON.stringify(glance()).replace('{', `{${odd},`)
    expect(rawOf(text)).toBe(text)
  })

  it('writes an indented record on one line, and keeps numbers beyond the range of JavaScript', () => {
    const text = JSON.stringify(glance(), null, 2).replace('{', `{\n${odd},\n`)
    expect(rawOf(text)).toContain('"odd":12345678901234567890,"n":1e999')
    expect(rawOf(text)).not.toContain('\n')
    expect(rawOf(text.replaceAll('\n', '\r'))).not.toContain('\r')
  })

  it('returns one line of JSON with the fields of the image', () => {
    const image = imageOf(glance({ ['__proto__']: 'p', name: 'a\nb' }))
    expect(JSON.parse(imageJson(image, null, null))).toEqual(JSON.parse(JSON.stringify(image)))
    expect(imageJson(image, null, null)).not.toContain('\n')
  })

  it('appends evidence only on request', () => {
    const evidence = { name: 'declared' } as FieldEvidence
    expect(imageJson(imageOf(glance()), null, evidence).endsWith(',"evidence":{"name":"declared"}}')).toBe(true)
    expect(imageJson(imageOf(glance()), null, null)).not.toContain('"evidence"')
  })

  it.each([
    ['compact', ''],
    ['indented', '\n'],
  ])('accepts a record of the maximum depth, %s', (_, space) => {
    const text = `${JSON.stringify(glance()).slice(0, -1)},${space}"odd":${nested(2000)}}`
    expect(rawOf(text).includes(nested(2000))).toBe(true)
    expect(imageJson(imageOf(JSON.parse(text)), null, null).includes(nested(2000))).toBe(true)
  })
})
