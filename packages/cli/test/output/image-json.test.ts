import { describe, expect, it } from '@jest/globals'
import type { Image } from '@imago/core'
import { normalize } from 'imago'
import { imageJson, type FieldEvidence } from '../../src/output/image-json.ts'
import { glance, nested } from '../records.ts'

const readImage = (record: unknown): Image => normalize(record).items[0] as Image
const findRaw = (text: string): string =>
  /"raw":(.*)\}$/s.exec(imageJson(readImage(JSON.parse(text)), text, null))?.[1] ?? ''

const odd = '"odd": 12345678901234567890, "n": 1e999, "z": 1.50, "e": "\\u00e9\\/"'

describe('imageJson', () => {
  it('keeps the spelling of a compact record', () => {
    const text = JSON.stringify(glance()).replace('{', `{${odd},`)
    expect(findRaw(text)).toBe(text)
  })

  it('writes an indented record on one line, and keeps numbers beyond the range of JavaScript', () => {
    const text = JSON.stringify(glance(), null, 2).replace('{', `{\n${odd},\n`)
    expect(findRaw(text)).toContain('"odd":12345678901234567890,"n":1e999')
    expect(findRaw(text)).not.toContain('\n')
    expect(findRaw(text.replaceAll('\n', '\r'))).not.toContain('\r')
  })

  it('returns one line of JSON with the fields of the image', () => {
    const image = readImage(glance({ ['__proto__']: 'p', name: 'a\nb' }))
    expect(JSON.parse(imageJson(image, null, null))).toEqual(JSON.parse(JSON.stringify(image)))
    expect(imageJson(image, null, null)).not.toContain('\n')
  })

  it('appends evidence only on request', () => {
    const evidence = { name: 'declared' } as FieldEvidence
    expect(imageJson(readImage(glance()), null, { evidence }).endsWith(',"evidence":{"name":"declared"}}')).toBe(true)
    expect(imageJson(readImage(glance()), null, null)).not.toContain('"evidence"')
  })

  it.each([
    ['compact', ''],
    ['indented', '\n'],
  ])('accepts a record of the maximum depth, %s', (_, space) => {
    const text = `${JSON.stringify(glance()).slice(0, -1)},${space}"odd":${nested(2000)}}`
    expect(findRaw(text).includes(nested(2000))).toBe(true)
    expect(imageJson(readImage(JSON.parse(text)), null, null).includes(nested(2000))).toBe(true)
  })
})
