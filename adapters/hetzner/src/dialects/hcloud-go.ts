import { toInstant } from '@imago/codec'
import { type Dialect, type JsonObject, certainMatch, isJsonObject } from '@imago/core/provider'
import { withoutZeros } from './hcloud.ts'

const BY_GO = certainMatch('it has OSFlavor, RapidDeploy and a numeric ID')

const GO_NAMES: ReadonlyMap<string, string> = new Map([
  ['ID', 'id'],
  ['Name', 'name'],
  ['Type', 'type'],
  ['Status', 'status'],
  ['Description', 'description'],
  ['ImageSize', 'image_size'],
  ['DiskSize', 'disk_size'],
  ['Created', 'created'],
  ['CreatedFrom', 'created_from'],
  ['BoundTo', 'bound_to'],
  ['RapidDeploy', 'rapid_deploy'],
  ['OSFlavor', 'os_flavor'],
  ['OSVersion', 'os_version'],
  ['Architecture', 'architecture'],
  ['Protection', 'protection'],
  ['Labels', 'labels'],
  ['Deleted', 'deleted'],
  ['Deprecated', 'deprecated'],
  ['Deprecation', 'deprecation'],
])

const isDate = (value: unknown): boolean => typeof value === 'string' && toInstant(value) !== undefined

/** Translates the objects in an image. One that hcloud-go did not write stays unchanged, so that drift reports it. */
const fromGoObject = (key: string, value: JsonObject): unknown => {
  const { ID, Name, Delete, Announced, UnavailableAfter } = value
  // All fields of a server are printed, most of them zero.
  if (key === 'created_from' && typeof ID === 'number' && typeof Name === 'string') return { id: ID, name: Name }
  if (key === 'bound_to' && typeof ID === 'number') return ID
  if (key === 'protection' && typeof Delete === 'boolean') return { delete: Delete }
  return key === 'deprecation' && isDate(Announced) && isDate(UnavailableAfter)
    ? { announced: Announced, unavailable_after: UnavailableAfter }
    : value
}

/** hcloud-go's `Image`, written by Go's `json.Marshal`. Its fields have no tags, and so their names in Go. Seen from 2.52.0. */
export const hcloudGo: Dialect = {
  name: 'hcloud-go',
  title: 'hcloud-go’s Image',
  recognize: (record) =>
    typeof record['ID'] === 'number' && 'OSFlavor' in record && 'RapidDeploy' in record ? BY_GO : null,
  translation: {
    rename: GO_NAMES,
    respell: (key, value) => (isJsonObject(value) ? fromGoObject(key, value) : withoutZeros(key, value)),
  },
}
