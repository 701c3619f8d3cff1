import type { MetadataRules, TextRule } from '@imago/core'
import { GLANCE_BASE_KEYS } from '@imago/schema-openstack'
import { LONGEST, RESERVED, RESERVED_PREFIX } from './requests/property-name.ts'

/** Glance keeps no character that takes four bytes in UTF-8 (glance: glance/common/utils.py, no_4byte_params). */
const plain = (longest: number | null): TextRule => ({ longest, pattern: '^[^\\u{10000}-\\u{10FFFF}]*$', reserved: [], words: 'have no characters beyond U+FFFF, such as emoji' })

/** What Glance takes. Lengths: glance/api/v2/images.py, get_base_properties; names of properties are a column of 255. */
export const metadata: MetadataRules = {
  name: plain(LONGEST),
  description: plain(null),
  tag: plain(LONGEST),
  propertyName: {
    longest: LONGEST,
    pattern: '^[^\\s\\u{10000}-\\u{10FFFF}](?:[^\\u{10000}-\\u{10FFFF}]*[^\\s\\u{10000}-\\u{10FFFF}])?$',
    reserved: [...GLANCE_BASE_KEYS, ...RESERVED, `${RESERVED_PREFIX}*`],
    words: 'not be empty, begin or end with a space, or have characters beyond U+FFFF, such as emoji',
  },
  propertyValue: plain(null),
}
