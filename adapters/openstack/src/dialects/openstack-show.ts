import { type Dialect, type JsonObject, type Translation, certainMatch, isJsonObject } from '@imago/core/provider'
import { GLANCE_BASE_KEYS } from '@imago/schema-openstack/image'
import { toTags, unfoldText, fromPythonList } from './printed-text.ts'
import { looksLikeGlance, recognizeGlance } from './recognize-image.ts'
import { toWireValue, LIFT_PROPERTIES } from './wire-value.ts'

const BY_PROPERTIES = certainMatch('it has Glance’s fields and a properties object')

const BY_TEXTS = certainMatch('it has Glance’s fields, and its tags or properties in one text')

const showTranslation: Translation = { lift: LIFT_PROPERTIES, respell: toWireValue }

/** Any choice of columns (`-c id -c properties`) yields a record with lower-case keys; it must include the image's ID. */
export const openstackShow: Dialect = {
  name: 'openstack-show',
  title: 'openstack image show -f json',
  recognize: (record) =>
    isJsonObject(record['properties']) && record['is_public'] === undefined && recognizeGlance(record) !== null
      ? BY_PROPERTIES
      : null,
  resembles: (record) => typeof record['id'] === 'string' && isJsonObject(record['properties']),
  translation: showTranslation,
}

/** How Python's `str` prints a missing value. */
const NO_VALUE: ReadonlySet<unknown> = new Set([null, 'None'])

/** openstackclient before 4 prints tags and properties as strings in every format. With properties in one string, none is at the top level. */
const isShownInTexts = (record: JsonObject): boolean => {
  const { tags, properties } = record
  if (tags !== undefined && typeof tags !== 'string') return false
  if (typeof properties === 'string')
    return (
      unfoldText('', properties) !== null &&
      Object.keys(record).every((key) => key === 'properties' || GLANCE_BASE_KEYS.has(key))
    )
  return typeof tags === 'string' && properties === undefined
}

const fromTexts = (key: string, value: unknown): unknown => {
  if (key === 'locations' && typeof value === 'string') return fromPythonList(value)
  if (key === 'tags') return typeof value === 'string' ? toTags(value) : toWireValue(key, value)
  return GLANCE_BASE_KEYS.has(key) && NO_VALUE.has(value) ? undefined : toWireValue(key, value)
}

export const openstackShowTexts: Dialect = {
  name: 'openstack-show-3',
  title: 'openstack image show -f json of openstackclient before 4',
  recognize: (record) => (isShownInTexts(record) && looksLikeGlance(record) !== null ? BY_TEXTS : null),
  translation: { lift: LIFT_PROPERTIES, unfold: unfoldText, respell: fromTexts },
}
