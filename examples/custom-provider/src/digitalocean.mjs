// @ts-check
// A reader in one file: the shape of the records (codec), their meaning (mapping), and how to recognize them (dialect).
// The shape follows DigitalOcean's OpenAPI document (digitalocean/openapi: specification/resources/images/models/image.yml).
import { DateText, nullable, openEnum, Amount, Count, toInstant } from '@imago/codec'
import {
  createImageReader,
  identityField,
  readOnlyField,
  writableField,
  createRuleBuilders,
} from '@imago/core/provider'
import * as t from 'io-ts'

// 1. The codec. It requires only the ID, keeps every enum open, and transforms nothing.

export const DigitalOceanImage = t.intersection(
  [
    t.type({ id: Count }),
    t.partial({
      name: nullable(t.string),
      type: nullable(openEnum('DigitalOceanImageType', ['base', 'snapshot', 'backup', 'custom'])),
      distribution: nullable(
        openEnum('DigitalOceanDistribution', [
          'AlmaLinux',
          'CentOS',
          'Debian',
          'Fedora',
          'FreeBSD',
          'Rocky Linux',
          'Ubuntu',
          'Unknown',
        ]),
      ),
      slug: nullable(t.string),
      public: nullable(t.boolean),
      // No image field uses the next two keys. Because the codec contains them, they are not drift; `raw` has their values.
      regions: nullable(t.array(t.string)),
      error_message: nullable(t.string),
      created_at: nullable(DateText),
      min_disk_size: nullable(Amount),
      size_gigabytes: nullable(Amount),
      description: nullable(t.string),
      tags: nullable(t.array(t.string)),
      status: nullable(openEnum('DigitalOceanImageStatus', ['NEW', 'available', 'pending', 'deleted', 'retired'])),
    }),
  ],
  'DigitalOceanImage',
)
/** @typedef {t.TypeOf<typeof DigitalOceanImage>} DigitalOceanImage */

// 2. The mapping. One small table for each enum: a Map, so that `constructor` is a key like any other.

/** @type {ReadonlyMap<string, import('@imago/core/provider').ImageKind>} */
const KIND = new Map([
  ['base', 'system'],
  ['snapshot', 'snapshot'],
  ['backup', 'backup'],
  ['custom', 'image'],
])

/** @type {ReadonlyMap<string, import('@imago/core/provider').ImageStatus>} */
const STATUS = new Map([
  ['NEW', 'pending'],
  ['pending', 'pending'],
  ['available', 'available'],
  ['retired', 'unavailable'],
  ['deleted', 'deleted'],
])

/** DigitalOcean's names of distributions, and their os-release IDs. */
const DISTRO = new Map([
  ['AlmaLinux', 'almalinux'],
  ['CentOS', 'centos'],
  ['Debian', 'debian'],
  ['Fedora', 'fedora'],
  ['FreeBSD', 'freebsd'],
  ['Rocky Linux', 'rocky'],
  ['Ubuntu', 'ubuntu'],
])

/** Looks up a word in a table. Returns `null` and `undefined` unchanged, and `otherwise` for an unknown word. @template A @param {ReadonlyMap<string, A>} table @param {string | null | undefined} word @param {A} [otherwise] */
const translated = (table, word, otherwise) =>
  word === null || word === undefined ? word : (table.get(word) ?? otherwise)

/** Returns `undefined`, which is no value, if the number of bytes is too large to be exact. @param {number | null | undefined} gigabytes */
const toBytes = (gigabytes) => {
  if (gigabytes === null || gigabytes === undefined) return gigabytes
  const bytes = Math.round(gigabytes * 1e9)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** `24.04` of `ubuntu-24-04-x64`. @param {string | null | undefined} slug */
const versionInSlug = (slug) => /^[a-z]+-(\d+(?:-\d+)?)-x64$/.exec(slug ?? '')?.[1]?.replace('-', '.')

/** @type {import('@imago/core/provider').RuleBuilders<DigitalOceanImage>} */
const { declared, inferred } = createRuleBuilders()

/**
 * One rule for each field: the wire fields it reads, a function, and an explanation if the function does more than copy the value.
 * A field without a rule is one that DigitalOcean does not report.
 * @type {import('@imago/core/provider').ImageMapping<DigitalOceanImage>}
 */
const mapping = {
  'ref.id': identityField(declared(['id'], ({ id }) => String(id))),
  name: writableField(declared(['name'], ({ name }) => name)),
  description: writableField(declared(['description'], ({ description }) => description)),
  kind: readOnlyField(declared(['type'], ({ type }) => translated(KIND, type, 'unknown'))),
  status: readOnlyField(
    declared(
      ['status'],
      ({ status }) => translated(STATUS, status, 'unknown'),
      'NEW is pending; retired is unavailable',
    ),
  ),
  providerStatus: readOnlyField(declared(['status'], ({ status }) => status)),
  visibility: readOnlyField(
    declared(['public'], (image) =>
      typeof image.public === 'boolean' ? (image.public ? 'public' : 'private') : image.public,
    ),
  ),
  architecture: readOnlyField(
    inferred(
      ['slug'],
      ({ slug }) => (slug?.endsWith('-x64') === true ? 'x86_64' : undefined),
      'a slug that ends in -x64',
    ),
  ),
  'os.distro': readOnlyField(
    declared(
      ['distribution'],
      ({ distribution }) => translated(DISTRO, distribution),
      'the distribution as os-release ID',
    ),
  ),
  'os.version': readOnlyField(inferred(['slug'], ({ slug }) => versionInSlug(slug), 'the number in the slug')),
  'size.stored': readOnlyField(
    inferred(['size_gigabytes'], ({ size_gigabytes }) => toBytes(size_gigabytes), 'a GB is 1e9 bytes'),
  ),
  'size.minDisk': readOnlyField(
    inferred(['min_disk_size'], ({ min_disk_size }) => toBytes(min_disk_size), 'a GB is 1e9 bytes'),
  ),
  createdAt: readOnlyField(
    declared(['created_at'], ({ created_at }) => (typeof created_at === 'string' ? toInstant(created_at) : created_at)),
  ),
  tags: writableField(declared(['tags'], ({ tags }) => tags?.toSorted())),
}

// 3. The dialect: how to recognize a record. `certain` is only for shapes that no other provider has.

/** @type {import('@imago/core/provider').Dialect} */
const api = {
  name: 'api',
  title: 'the API’s own: GET /v2/images',
  recognize: (record) =>
    typeof record['id'] === 'number' && typeof record['public'] === 'boolean' && 'distribution' in record
      ? { certainty: 'certain', reason: 'it has a numeric id, public and distribution' }
      : null,
}

/** Reads saved images of DigitalOcean. */
export const digitaloceanReader = createImageReader({
  provider: 'digitalocean',
  title: 'DigitalOcean',
  wire: DigitalOceanImage,
  mapping,
  dialects: [api],
})
