import type { ForeignShape, JsonObject } from '@imago/core/provider'
import { GLANCE_BASE_KEYS } from '@imago/schema-openstack/image'
import { isColumn } from './openstack-list.ts'
import { looksLikeGlance } from './recognize-image.ts'

const hasLinks = (record: JsonObject): boolean => typeof record['id'] === 'string' && Array.isArray(record['links'])

const isShown = (key: string): boolean => GLANCE_BASE_KEYS.has(key) || key === 'properties'

/** Whether the record has only known columns and lacks the one with the ID. */
const isWithout = (id: string, record: JsonObject, isKnown: (key: string) => boolean): boolean => {
  const keys = Object.keys(record)
  return keys.length > 0 && !keys.includes(id) && keys.every(isKnown)
}

/** OpenStack images in formats other than Glance v2. */
export const openstackForeign: readonly ForeignShape[] = [
  {
    recognize: (record) =>
      'minDisk' in record || 'OS-EXT-IMG-SIZE:size' in record || (hasLinks(record) && 'progress' in record),
    reason:
      'it is from Nova’s image proxy, which omits formats, digests and visibility: list the images with Glance (openstack image list)',
  },
  {
    recognize: (record) => hasLinks(record) && !('status' in record),
    reason: 'it is Nova’s reference to an image, not an image record',
  },
  {
    recognize: (record) => typeof record['tags'] === 'string' && looksLikeGlance(record) !== null,
    reason:
      'it is from openstackclient before 4, whose properties are one string that cannot be split reliably: save it with openstackclient 4 or newer',
  },
  {
    recognize: (record) => isWithout('ID', record, isColumn),
    reason: 'it has no ID; if it is from openstack image list, add -c ID',
  },
  {
    recognize: (record) => isWithout('id', record, isShown),
    reason: 'it has no id; if it is from openstack image show, add -c id',
  },
  {
    recognize: (record) => 'is_public' in record && ('disk_format' in record || 'container_format' in record),
    reason: 'it is from Glance v1, which was removed in 2018: list the images with Glance v2',
  },
]
