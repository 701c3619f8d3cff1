import { toInstant } from '@imago/codec'
import {
  createImageReader,
  chooseFirst,
  identityField,
  readOnlyField,
  referenceField,
  writableField,
  createRuleBuilders,
  type Dialect,
  type ImageKind,
  type ImageMapping,
  type ImageStatus,
  type JsonObject,
  type OsFamily,
} from '@imago/core/provider'
import { DigitalOceanImage } from './wire.ts'

// Maps, not objects: `constructor` is a word like any other.

const KIND: ReadonlyMap<string, ImageKind> = new Map([
  ['base', 'system'],
  ['snapshot', 'snapshot'],
  ['backup', 'backup'],
  ['custom', 'image'],
  ['admin', 'image'],
])

const STATUS: ReadonlyMap<string, ImageStatus> = new Map([
  ['NEW', 'pending'],
  ['pending', 'pending'],
  ['available', 'available'],
  ['retired', 'unavailable'],
  ['deleted', 'deleted'],
])

/** The distributions as os-release IDs. `Unknown` stands for whatever a user's image may hold. */
export const DISTRO: ReadonlyMap<string, string> = new Map([
  ['AlmaLinux', 'almalinux'],
  ['Arch Linux', 'arch'],
  ['CentOS', 'centos'],
  ['CoreOS', 'coreos'],
  ['Debian', 'debian'],
  ['Fedora', 'fedora'],
  ['Fedora Atomic', 'fedora'],
  ['FreeBSD', 'freebsd'],
  ['Gentoo', 'gentoo'],
  ['openSUSE', 'opensuse'],
  ['RancherOS', 'rancheros'],
  ['Rocky Linux', 'rocky'],
  ['Ubuntu', 'ubuntu'],
])

type Text = string | null | undefined

/** imago's word for one of DigitalOcean's. `null` and absent stay so; an unknown word is `otherwise`. */
const translated = <A>(table: ReadonlyMap<string, A>, word: Text, otherwise?: A): A | null | undefined =>
  word === null || word === undefined ? word : (table.get(word) ?? otherwise)

/** `undefined`, no value, where the bytes are too many to be an exact number. */
const toBytes = (gigabytes: number | null | undefined): number | null | undefined => {
  if (gigabytes === null || gigabytes === undefined) return gigabytes
  const bytes = Math.round(gigabytes * 1e9)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** Slugs of distributions end in the architecture and hold the version: `ubuntu-24-04-x64`, `centos-stream-9-x64`. Those of 1-Click Apps do not: `docker-20-04`. */
const SYSTEM_SLUG = /^[a-z]+(?:-stream)?-(\d+(?:-\d+)?)-x64(?:-|$)/

const versionInSlug = (slug: Text): string | undefined => SYSTEM_SLUG.exec(slug ?? '')?.[1]?.replace('-', '.')

/** The API lists public images as snapshots, too. */
const kindOfPublic = ({
  public: isPublic,
  type,
  slug,
}: Pick<DigitalOceanImage, 'public' | 'type' | 'slug'>): ImageKind | undefined => {
  if (isPublic !== true || type !== 'snapshot' || typeof slug !== 'string') return undefined
  return SYSTEM_SLUG.test(slug) ? 'system' : 'app'
}

const isUsers = (type: Text): boolean => type === 'snapshot' || type === 'backup' || type === 'custom'

const toFamily = (distribution: Text): OsFamily | undefined => {
  if (distribution === null || distribution === undefined || !DISTRO.has(distribution)) return undefined
  return distribution === 'FreeBSD' ? 'bsd' : 'linux'
}

const { declared, inferred } = createRuleBuilders<DigitalOceanImage>()

const GB = 'a GB is 1e9 bytes'

/** A rule for each field. What is not here, DigitalOcean never reports. */
export const digitaloceanMapping: ImageMapping<DigitalOceanImage> = {
  'ref.id': identityField(declared(['id'], ({ id }) => String(id))),
  name: writableField(declared(['name'], ({ name }) => name)),
  description: writableField(declared(['description'], ({ description }) => description)),
  kind: readOnlyField(
    chooseFirst(
      inferred(
        ['public', 'type', 'slug'],
        kindOfPublic,
        'a public snapshot is an image of DigitalOcean: its slug distinguishes distributions from 1-Click Apps',
      ),
      declared(['type'], ({ type }) => translated(KIND, type, 'unknown')),
    ),
  ),
  status: readOnlyField(
    declared(
      ['status'],
      ({ status }) => translated(STATUS, status, 'unknown'),
      'NEW is pending; retired is unavailable',
    ),
  ),
  providerStatus: readOnlyField(declared(['status'], ({ status }) => status)),
  visibility: readOnlyField(
    chooseFirst(
      declared(['public'], (image) =>
        typeof image.public === 'boolean' ? (image.public ? ('public' as const) : ('private' as const)) : image.public,
      ),
      inferred(
        ['public', 'type'],
        (image) => (image.public === undefined && isUsers(image.type) ? ('private' as const) : undefined),
        'doctl leaves out public where it is false',
      ),
    ),
  ),
  architecture: readOnlyField(
    inferred(
      ['slug'],
      ({ slug }) => (SYSTEM_SLUG.test(slug ?? '') ? 'x86_64' : undefined),
      'the slug of a distribution ends in x64',
    ),
  ),
  'os.family': readOnlyField(
    inferred(
      ['distribution'],
      ({ distribution }) => toFamily(distribution),
      'FreeBSD is a BSD, the other distributions are Linux',
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
  'size.stored': readOnlyField(inferred(['size_gigabytes'], ({ size_gigabytes }) => toBytes(size_gigabytes), GB)),
  'size.minDisk': readOnlyField(inferred(['min_disk_size'], ({ min_disk_size }) => toBytes(min_disk_size), GB)),
  createdAt: readOnlyField(
    declared(['created_at'], ({ created_at }) => (typeof created_at === 'string' ? toInstant(created_at) : created_at)),
  ),
  stores: referenceField(declared(['regions'], ({ regions }) => regions, 'the regions that the image is available in')),
  tags: writableField(declared(['tags'], ({ tags }) => tags?.toSorted())),
}

const isImage = (record: JsonObject): boolean =>
  typeof record['id'] === 'number' && typeof record['distribution'] === 'string' && Array.isArray(record['regions'])

/** Keys that the API always sends, and that godo's struct leaves out where they are empty (digitalocean/godo: images.go, `omitempty`). */
const OMITTED = ['public', 'slug', 'description', 'tags', 'error_message'] as const

const api: Dialect = {
  name: 'api',
  title: 'GET /v2/images',
  // Of these keys, doctl leaves out at least one.
  recognize: (record) =>
    isImage(record) &&
    typeof record['public'] === 'boolean' &&
    (record['slug'] === null || (typeof record['slug'] === 'string' && 'tags' in record))
      ? { certainty: 'certain', reason: 'it has a numeric id, distribution, regions, public and slug' }
      : null,
}

const doctl: Dialect = {
  name: 'doctl',
  title: 'doctl compute image list -o json',
  recognize: (record) => {
    if (!isImage(record) || typeof record['type'] !== 'string') return null
    return OMITTED.every((key) => key in record)
      ? null
      : { certainty: 'likely', reason: 'it has a numeric id, distribution and regions, and no empty values' }
  },
}

/** Reads saved images of DigitalOcean. */
export const digitaloceanReader = createImageReader({
  provider: 'digitalocean',
  title: 'DigitalOcean',
  wire: DigitalOceanImage,
  mapping: digitaloceanMapping,
  dialects: [api, doctl],
})
