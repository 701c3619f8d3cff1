// @ts-check
// A provider in one file: what its records look like (codec), what they mean (mapping), how they are told from others (dialect).
// DigitalOcean's records, by its OpenAPI document (digitalocean/openapi: specification/resources/images/models/image.yml).
import { DateText, nullable, openEnum, Amount, Count, toInstant } from '@imago/codec'
import {
  createImageReader,
  identityField,
  readOnlyField,
  writableField,
  createRuleBuilders,
} from '@imago/core/provider'
import * as t from 'io-ts'

// 1. What the bytes look like. Only the id is required, every enum is open, nothing is transformed.

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
      // No field of an image holds these; a codec that knows them keeps them from being drift, and `raw` keeps what they say.
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

// 2. What they mean. One small table for each vocabulary: a Map, so that `constructor` is a word like any other.

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

/** Names for people, as os-release IDs. */
const DISTRO = new Map([
  ['AlmaLinux', 'almalinux'],
  ['CentOS', 'centos'],
  ['Debian', 'debian'],
  ['Fedora', 'fedora'],
  ['FreeBSD', 'freebsd'],
  ['Rocky Linux', 'rocky'],
  ['Ubuntu', 'ubuntu'],
])

/** A word of ours for one of theirs. `null` and absent stay so; a new word is `otherwise`. @template A @param {ReadonlyMap<string, A>} table @param {string | null | undefined} word @param {A} [otherwise] */
const translated = (table, word, otherwise) =>
  word === null || word === undefined ? word : (table.get(word) ?? otherwise)

/** `undefined`, which is no value, where the bytes are too many to be an exact number. @param {number | null | undefined} gigabytes */
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
 * One rule for each field: the wire fields it reads, the function, and a sentence where it is more than the provider's word.
 * A field that is not here is one that DigitalOcean never says.
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
    inferred(['size_gigabytes'], ({ size_gigabytes }) => toBytes(size_gigabytes), 'a GB is taken for 1e9 bytes'),
  ),
  'size.minDisk': readOnlyField(
    inferred(['min_disk_size'], ({ min_disk_size }) => toBytes(min_disk_size), 'a GB is taken for 1e9 bytes'),
  ),
  createdAt: readOnlyField(
    declared(['created_at'], ({ created_at }) => (typeof created_at === 'string' ? toInstant(created_at) : created_at)),
  ),
  tags: writableField(declared(['tags'], ({ tags }) => tags?.toSorted())),
}

// 3. How they are told from others: `certain` only for what no other shape has.

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
