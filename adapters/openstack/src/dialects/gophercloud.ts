import { type Dialect, certainMatch } from '@imago/core/provider'

const BY_GO = certainMatch('it has metadata beside schema and virtual_size, and no size')

/** `metadata`, which Glance does not send, and keys of a complete Glance record, which this one is not: it has no properties. */
const GO_OWN: ReadonlySet<string> = new Set(['metadata', 'schema', 'file'])

/** gophercloud's `Image`, written by Go's `json.Marshal`. Size and properties are omitted, and null values become Go's zero values. */
export const gophercloud: Dialect = {
  name: 'gophercloud',
  title: 'gophercloud’s Image',
  recognize: (record) =>
    typeof record['id'] === 'string' &&
    record['schema'] === '/v2/schemas/image' &&
    typeof record['virtual_size'] === 'number' &&
    'metadata' in record &&
    !('size' in record)
      ? BY_GO
      : null,
  translation: {
    own: GO_OWN,
    respell: (key, value) =>
      value === '' || value === null || (key === 'virtual_size' && value === 0) ? undefined : value,
  },
}
