import type { Dialect } from '@imago/core/provider'
import { TYPES, isTextId, asNumber, recognizeHetzner } from './recognize-image.ts'
import { isTerraform } from './terraform.ts'

const withNumericId = (key: string, value: unknown): unknown => (key === 'id' ? asNumber(value) : value)

/** `hetzner.hcloud.image_info` has nine fields, without dates, sizes and servers. Templates write its IDs as text. */
export const ansible: Dialect = {
  name: 'ansible',
  title: 'Ansible’s hetzner.hcloud.image_info',
  recognize: (record) => (isTextId(record['id']) && !isTerraform(record) ? recognizeHetzner(record) : null),
  resembles: (record) => isTextId(record['id']) && TYPES.has(record['type']),
  translation: { respell: withNumericId },
}
