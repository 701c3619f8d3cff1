import { type Dialect, type JsonObject, isJsonObject, likelyMatch } from '@imago/core/provider'
import { isTextId, asNumber, recognizeHetzner } from './recognize-image.ts'

export const BY_SNAPSHOT = likelyMatch('it has the attributes of Terraform’s hcloud_snapshot')

/** The arguments of the data sources hcloud_image and hcloud_images. */
const TERRAFORM_OWN: ReadonlySet<string> = new Set([
  'selector',
  'with_selector',
  'most_recent',
  'with_status',
  'with_architecture',
  'include_deprecated',
  'timeouts',
])

/** Without a loop over the keys, so that V8 finds that a record has none of them by its hidden class: this runs for every record. */
export const isTerraform = (record: JsonObject): boolean =>
  'selector' in record ||
  'with_selector' in record ||
  'most_recent' in record ||
  'with_status' in record ||
  'with_architecture' in record ||
  'include_deprecated' in record ||
  'timeouts' in record

/** Removes Go's empty texts, which are null in the API, and converts the server ID of a snapshot to the API's form. */
export const fromTerraform = (key: string, value: unknown): unknown => {
  if (value === null || value === '') return undefined
  if (key === 'id') return asNumber(value)
  return key === 'created_from' && !isJsonObject(value) ? { id: asNumber(value) } : value
}

export const isSnapshot = (record: JsonObject, server: string): boolean =>
  (typeof record[server] === 'number' || isTextId(record[server])) &&
  'labels' in record &&
  'description' in record &&
  (isTextId(record['id']) || typeof record['id'] === 'number') &&
  record['server_type'] === undefined &&
  record['type'] === undefined

export const terraform: Dialect = {
  name: 'terraform',
  title: 'Terraform’s hcloud_image and hcloud_snapshot',
  recognize: (record) => {
    if (isSnapshot(record, 'server_id')) return BY_SNAPSHOT
    return isTerraform(record) ? recognizeHetzner(record) : null
  },
  translation: { rename: new Map([['server_id', 'created_from']]), respell: fromTerraform, own: TERRAFORM_OWN },
}
