import { describe, expect, it } from '@jest/globals'
import { bareImage } from '@imago/testkit'
import {
  getEmptyValue,
  FIELD_NAMES,
  getFieldValue,
  FIELDS,
  type FieldDescription,
  type FieldName,
} from '../../src/image/field.ts'
import { Image } from '../../src/image/image.ts'

const bare = bareImage('x')

describe('fields', () => {
  it('FIELD_NAMES lists every field of an image except raw and the other parts of ref', () => {
    const groups = new Set(
      FIELD_NAMES.flatMap((field) => (field.includes('.') && field !== 'ref.id' ? [field.split('.')[0]] : [])),
    )
    const paths = Object.entries(bare).flatMap(([key, value]) =>
      groups.has(key) ? Object.keys(value as object).map((inner) => `${key}.${inner}`) : [key],
    )
    expect(FIELD_NAMES).toEqual(
      paths.filter((path) => path !== 'raw').map((path) => (path === 'ref' ? 'ref.id' : path)),
    )
    expect(Object.keys(FIELDS)).toEqual(FIELD_NAMES)
  })

  it('getFieldValue returns the value of every field', () => {
    const filled: Record<string, unknown> = {}
    for (const field of FIELD_NAMES) {
      const [outer = '', inner] = field.split('.')
      filled[outer] = inner === undefined ? field : { ...(filled[outer] as object), [inner]: field }
    }
    expect(FIELD_NAMES.map((field) => getFieldValue(filled as unknown as Image, field))).toEqual(FIELD_NAMES)
  })

  it('getEmptyValue returns null, an empty list or map, or unknown', () => {
    expect(
      Object.fromEntries(
        FIELD_NAMES.map((field) => [field, getEmptyValue(field)]).filter(([, value]) => value !== null),
      ),
    ).toMatchObject({
      'ref.id': '',
      kind: 'unknown',
      status: 'unknown',
      visibility: 'unknown',
      digests: [],
      origins: [],
      stores: [],
      tags: [],
      labels: {},
      properties: {},
    })
    expect(getEmptyValue('name')).toBeNull()
    expect(getEmptyValue('size.stored')).toBeNull()
    expect(Image.is(bare)).toBe(true)
  })

  it.each<[FieldName, FieldDescription['type']]>([
    ['ref.id', 'string'],
    ['name', 'string'],
    ['hidden', 'boolean'],
    ['kind', 'system, app, snapshot, backup, image, unknown'],
    ['os.family', 'linux, windows, bsd, macos, other'],
    ['size.stored', 'bytes'],
    ['createdAt', 'instant'],
    ['digests', 'list of digests'],
    ['origins', 'list of origins'],
    ['stores', 'list of strings'],
    ['labels', 'map of strings'],
    ['properties', 'map of strings'],
  ])('FIELDS describes the type of %s as %s', (field, type) => {
    expect(FIELDS[field].type).toBe(type)
  })

  it('FIELDS has the unit bytes for sizes, and no other unit', () => {
    expect(FIELD_NAMES.filter((field) => FIELDS[field].unit !== null)).toEqual(
      FIELD_NAMES.filter((field) => FIELDS[field].type === 'bytes'),
    )
    expect(FIELDS['size.minRam'].unit).toBe('bytes')
  })

  it('FIELDS lists the values of fields with a fixed set of values only', () => {
    expect(FIELDS.visibility.values).toEqual(['public', 'private', 'shared', 'community', 'unknown'])
    expect(FIELDS['boot.firmware'].values).toEqual(['bios', 'uefi'])
    expect(FIELDS.architecture.values).toBeNull()
    expect(FIELDS.tags.values).toBeNull()
  })
})
