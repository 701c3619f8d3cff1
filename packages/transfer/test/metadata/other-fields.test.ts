import { FIELD_NAMES, FIELDS, type FieldName, type Image } from '@imago/core'
import { bareImage } from '@imago/testkit'
import { describe, expect, it } from '@jest/globals'
import { FORMAT_FIELDS, REQUEST_FIELDS, SOURCE_FIELDS, translateOtherFields } from '../../src/metadata/other-fields.ts'
import { translateMetadata } from '../../src/metadata/translate.ts'
import type { TargetSupport } from '../../src/metadata/target-support.ts'

const EVERYTHING: TargetSupport = {
  name: true,
  labels: true,
  tags: true,
  properties: true,
  minDisk: true,
  minRam: true,
  visibility: true,
  protect: true,
  hide: true,
}
const NO_RULES = { source: {}, target: {} }

const VALUES: Readonly<Partial<Record<FieldName, unknown>>> = {
  origins: [{ relation: 'created-from', kind: 'server', id: '7', name: null }],
  stores: ['fast'],
  digests: [],
  labels: { a: 'b' },
  tags: ['t'],
  properties: { p: 'q' },
}

/** A value of the field's type, not null. */
const valueFor = (field: FieldName): unknown => {
  const { values, unit, type } = FIELDS[field]
  if (VALUES[field] !== undefined) return VALUES[field]
  if (unit !== null) return 1024
  if (type === 'boolean') return true
  return values?.[0] ?? '2026-01-01T00:00:00Z'
}

const withValue = (field: FieldName): Image => {
  const [outer = '', inner] = field.split('.')
  const value = valueFor(field)
  const image = bareImage('x')
  const group = (image as unknown as Readonly<Record<string, object>>)[outer]
  return { ...image, [outer]: inner === undefined ? value : { ...group, [inner]: value } } as Image
}

describe('translateOtherFields', () => {
  it.each(FIELD_NAMES.filter((field) => ![...FORMAT_FIELDS, ...SOURCE_FIELDS].includes(field)))(
    'returns a disposition for %s',
    (field) => {
      const { dispositions } = translateMetadata(
        withValue(field),
        { support: EVERYTHING, rules: NO_RULES, isConverted: false },
        {},
        'fallback',
      )
      expect(dispositions.map((row) => row.field)).toContain(field)
    },
  )

  it.each(FIELD_NAMES.filter((field) => ![...REQUEST_FIELDS, ...FORMAT_FIELDS, ...SOURCE_FIELDS].includes(field)))(
    'loses %s at a target without a property for it',
    (field) => {
      expect(translateOtherFields(withValue(field), new Map(), EVERYTHING, NO_RULES)).toContainEqual(
        expect.objectContaining({ field, disposition: 'lost' }),
      )
    },
  )

  it('stores a writable field in the property that the target declares for it', () => {
    const properties = new Map<string, string>()
    const target = {
      fieldProperties: [{ field: 'os.defaultUser', property: 'os_admin_user', from: 'properties', values: null }],
    } as const
    const rows = translateOtherFields(withValue('os.defaultUser'), properties, EVERYTHING, { source: {}, target })
    expect(rows.find(({ field }) => field === 'os.defaultUser')).toMatchObject({ disposition: 'translated' })
    expect(properties.has('os_admin_user')).toBe(true)
  })
})
