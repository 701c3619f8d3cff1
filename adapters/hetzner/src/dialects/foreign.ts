import type { ForeignShape, JsonObject } from '@imago/core/provider'

const isNumeric = (record: JsonObject): boolean => typeof record['id'] === 'number'

/** Records of Hetzner that are not images. */
export const hetznerForeign: readonly ForeignShape[] = [
  // hcloud 1.30.3 prints every ISO's type as an empty string.
  {
    recognize: (record) =>
      isNumeric(record) &&
      (record['type'] === 'public' || record['type'] === 'private' || record['type'] === '') &&
      'description' in record &&
      !('status' in record),
    reason: 'it is a Hetzner ISO, which has its own endpoint and is not an image',
  },
  {
    recognize: (record) => isNumeric(record) && 'server_type' in record,
    reason: 'it is a Hetzner server without an image',
  },
  {
    recognize: (record) => isNumeric(record) && 'command' in record && 'progress' in record,
    reason: 'it is a Hetzner action',
  },
]
