import { type Dialect, type JsonObject, certainMatch, likelyMatch } from '@imago/core/provider'
import { toTags, unfoldText } from './printed-text.ts'
import { STATUSES } from './recognize-image.ts'
import { toWireValue } from './wire-value.ts'

const BY_COLUMNS = certainMatch('it has the columns of openstack image list --long')

const BY_THREE_COLUMNS = likelyMatch('it has just the columns of openstack image list')

const COLUMNS: ReadonlyMap<string, string> = new Map([
  ['ID', 'id'],
  ['Name', 'name'],
  ['Disk Format', 'disk_format'],
  ['Container Format', 'container_format'],
  ['Size', 'size'],
  ['Checksum', 'checksum'],
  ['Status', 'status'],
  ['Visibility', 'visibility'],
  ['Protected', 'protected'],
  ['Project', 'owner'],
  ['Owner', 'owner'],
  ['Tags', 'tags'],
  ['Hash Algorithm', 'os_hash_algo'],
  ['Hash Value', 'os_hash_value'],
  ['Created At', 'created_at'],
  ['Updated At', 'updated_at'],
  ['Virtual Size', 'virtual_size'],
  ['Min Disk', 'min_disk'],
  ['Min RAM', 'min_ram'],
  ['Hidden', 'os_hidden'],
])

/** openstackclient before 4 prints tags as one string, `a, b`. */
const fromColumn = (key: string, value: unknown): unknown =>
  key === 'tags' && typeof value === 'string' ? toTags(value) : toWireValue(key, value)

export const isColumn = (key: string): boolean => COLUMNS.has(key) || key === 'Properties'

/** Any choice of column headings. Other lists of the openstack command share some of them. */
const isColumns = (record: JsonObject): boolean =>
  typeof record['ID'] === 'string' &&
  Object.keys(record).every(isColumn) &&
  (record['Status'] === undefined || STATUSES.has(record['Status']))

const isShortList = (record: JsonObject): boolean =>
  Object.keys(record).length === 3 && 'Name' in record && STATUSES.has(record['Status'])

export const openstackList: Dialect = {
  name: 'openstack-list',
  title: 'openstack image list [--long] -f json',
  recognize: (record) => {
    if (typeof record['ID'] !== 'string') return null
    if ('Disk Format' in record && 'Container Format' in record) return BY_COLUMNS
    return isShortList(record) ? BY_THREE_COLUMNS : null
  },
  resembles: isColumns,
  translation: { rename: COLUMNS, lift: new Set(['Properties']), unfold: unfoldText, respell: fromColumn },
}
