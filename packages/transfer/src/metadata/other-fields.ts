import {
  FIELD_NAMES,
  FIELDS,
  getFieldValue,
  type FieldClass,
  type FieldName,
  type Image,
  type Origin,
} from '@imago/core'
import { keep, lose, translate, type FieldDisposition } from './disposition.ts'
import type { MachineDescription } from './machine-description.ts'
import { findFieldProperty, findTargetProperty, type BothRules } from './rules.ts'
import type { TargetSupport } from './target-support.ts'

/** Fields of the request and the final settings. */
export const REQUEST_FIELDS: readonly FieldName[] = [
  'name',
  'description',
  'visibility',
  'hidden',
  'protected',
  'architecture',
  'size.minDisk',
  'size.minRam',
  'labels',
  'tags',
  'properties',
]
/** Fields of the bytes, whose dispositions depend on the planned format. */
export const FORMAT_FIELDS: readonly FieldName[] = ['format.disk', 'format.container', 'size.virtual', 'digests']
/** Fields that describe only the source: a plan contains them as its source and as preflight checks. */
export const SOURCE_FIELDS: readonly FieldName[] = ['status', 'providerStatus', 'size.stored']

const COVERED: ReadonlySet<FieldName> = new Set([...REQUEST_FIELDS, ...FORMAT_FIELDS, ...SOURCE_FIELDS])

/** All other fields of the field table, so that a plan also mentions fields that are added to it. */
const OTHERS: readonly FieldName[] = FIELD_NAMES.filter((field) => !COVERED.has(field))

const REASONS: Readonly<Record<Exclude<FieldClass, 'writable'>, string>> = {
  identity: 'the new image has its own',
  reference: 'refers to the cloud of the source',
  'read-only': 'set by the provider',
}

const formatOrigin = ({ relation, kind, id, name }: Origin): string => `${relation} ${kind} ${id ?? name ?? ''}`.trim()

/** A field's value as text; `null`: none. */
const formatValue = (value: unknown): string | null => {
  if (value === null || value === undefined || value === false || value === 'unknown') return null
  if (Array.isArray(value))
    return value.length === 0
      ? null
      : value.map((one) => (typeof one === 'string' ? one : formatOrigin(one as Origin))).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const isDescribed = (field: FieldName): boolean => field.startsWith('os.') || field.startsWith('boot.')

/**
 * Dispositions of the fields that requests have no parameter for. A writable field is stored in the property that the target's adapter declares for it.
 * `properties`: those of the new image, which are added to.
 */
export const translateOtherFields = (
  image: Image | MachineDescription,
  properties: Map<string, string>,
  support: TargetSupport,
  rules: BothRules,
): readonly FieldDisposition[] =>
  OTHERS.filter((field) => 'ref' in image || isDescribed(field)).flatMap((field) => {
    const value = formatValue(getFieldValue(image as Image, field))
    if (value === null) return []
    const fieldClass = FIELDS[field].class
    if (fieldClass !== 'writable') return [lose(field, value, REASONS[fieldClass])]
    const rule = findFieldProperty(rules, field)
    const name = rule?.property ?? ''
    if (rule !== null && properties.has(name))
      return [
        support.properties
          ? keep(field, value, `in the property ${name}`)
          : translate(field, value, value, `in the property ${name}`),
      ]
    const own = findTargetProperty(rules, field)
    if (own?.from !== 'properties' || !(support.properties || support.labels))
      return [lose(field, value, 'set by the provider of the target, or not supported there')]
    if (own.values !== null && !own.values.includes(value))
      return [lose(field, value, `the property ${own.property} of the target does not accept this value`)]
    properties.set(own.property, value)
    return [
      support.properties
        ? translate(field, value, `${own.property}=${value}`, 'as a property')
        : translate(field, value, value, `in the property ${own.property}`),
    ]
  })
