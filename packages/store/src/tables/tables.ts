import { optional, required, type Column, type Table, type VersionedTable } from './column.ts'
import { FIELD_COLUMNS } from './image-columns.ts'

/** Increased when the tables change by more than a new column. */
export const STORE_VERSION = 1

const cloudColumns: readonly Column[] = [
  required('cloud_key', 'text', 'Provider, cloud and region in one text: provider/cloud@region.'),
  required('provider', 'text', 'The provider.'),
  optional('cloud', 'text', 'The name that the user gave to the cloud.'),
  optional('region', 'text', 'The region; null: the images of the provider belong to none.'),
]

const imageKey = required('image_key', 'text', 'The image in one text: provider/cloud@region:id:ID.')
const version = required('version', 'integer', 'Identifies this row. A changed image gets a new row.')

const historyColumns: readonly Column[] = [
  required('content_hash', 'text', 'SHA-256 of the columns above without evidence and raw, in hex, first 32 digits.'),
  required('first_seen', 'timestamp', 'The run that first saw this version.'),
  required('last_seen', 'timestamp', 'The run that last saw this version.'),
  optional('superseded_at', 'timestamp', 'The run that first saw the next version; null: this is the last one.'),
  optional(
    'missing_since',
    'timestamp',
    'The first complete run that did not find the image; null: it is not missing.',
  ),
]

/** The columns of an image in files and databases. */
export const IMAGE_CONTENT: readonly Column[] = [
  imageKey,
  ...cloudColumns,
  ...FIELD_COLUMNS.map(({ column }) => column),
]

const REQUESTED: readonly Column[] = [
  optional('evidence', 'json', 'How far each field can be relied on, by its path. On request.'),
  optional('raw', 'document', "The provider's record. On request."),
]

const ownVersion = required('version', 'integer', 'The row of images that it belongs to.')

export const imagesTable: VersionedTable = {
  name: 'images',
  meaning: 'One row for each version of each image.',
  columns: [version, ...IMAGE_CONTENT, ...REQUESTED, ...historyColumns],
  primaryKey: ['version'],
  history: { key: 'image_key', content: IMAGE_CONTENT },
}

const digestsTable: Table = {
  name: 'image_digests',
  meaning: 'The digests of images.',
  columns: [
    ownVersion,
    required('algorithm', 'text', 'md5, sha256, sha512 …'),
    required('value', 'text', 'Lower-case hex.'),
    required('subject', 'text', 'The bytes it is of: stored, uncompressed or unknown.'),
    required('asserted_by', 'text', 'provider or uploader.'),
  ],
  primaryKey: [],
  history: null,
}

const labelsTable: Table = {
  name: 'image_labels',
  meaning: 'The labels of images.',
  columns: [ownVersion, required('key', 'text', 'The key.'), required('value', 'text', 'The value.')],
  primaryKey: [],
  history: null,
}

const tagsTable: Table = {
  name: 'image_tags',
  meaning: 'The tags of images.',
  columns: [ownVersion, required('tag', 'text', 'The tag.')],
  primaryKey: [],
  history: null,
}

const originsTable: Table = {
  name: 'image_origins',
  meaning: 'What images were created from or depend on.',
  columns: [
    ownVersion,
    required('relation', 'text', 'created-from, bound-to, based-on or imported-from.'),
    required('kind', 'text', 'server, image or url.'),
    optional('id', 'text', 'Its ID.'),
    optional('name', 'text', 'Its name.'),
    optional('url', 'text', 'Its URL.'),
  ],
  primaryKey: [],
  history: null,
}

const usageContent: readonly Column[] = [
  required('edge_key', 'text', 'SHA-256 of image, resource, relation and path, in hex, first 32 digits.'),
  imageKey,
  ...cloudColumns,
  required('image_id', 'text', 'The ID of the image, which may be gone.'),
  required('by_kind', 'text', 'server, volume, image or launch-template.'),
  required('by_id', 'text', 'The ID of the resource that uses the image.'),
  optional('by_name', 'text', 'Its name.'),
  required('relation', 'text', 'uses, bound or origin.'),
  required('via', 'text', 'The path of the reference in the API: servers[].image.id.'),
  required('evidence', 'text', 'How far it can be relied on.'),
  required('depends_on', 'boolean', 'Whether the resource breaks when the image is deleted.'),
]

export const usageTable: VersionedTable = {
  name: 'usage',
  meaning: 'What uses images: one row for each version of each reference.',
  columns: [version, ...usageContent, ...historyColumns],
  primaryKey: ['version'],
  history: { key: 'edge_key', content: usageContent },
}

const pricesContent: readonly Column[] = [
  ...cloudColumns,
  required('currency', 'text', 'ISO 4217.'),
  optional('per_gb_month_net', 'decimal', 'For a GB and a month, without VAT.'),
  optional('per_gb_month_gross', 'decimal', 'For a GB and a month, with VAT.'),
  required('bytes_per_gb', 'integer', 'Bytes in the GB of the price list.'),
  required('basis', 'json', 'How each kind of image is billed: size, server-percentage or free.'),
]

export const pricesTable: VersionedTable = {
  name: 'prices',
  meaning: 'What clouds charge for storing images: one row for each version of the price list.',
  columns: [version, ...pricesContent, ...historyColumns],
  primaryKey: ['version'],
  history: { key: 'cloud_key', content: pricesContent },
}

export const runsTable: Table = {
  name: 'runs',
  meaning: 'One row for each run and cloud.',
  columns: [
    required('run', 'text', 'Identifies the run.'),
    ...cloudColumns,
    required('observed_at', 'timestamp', 'When reading began.'),
    required('origin', 'text', 'live: read from the cloud. file: read from saved images.'),
    optional('selection', 'json', 'The selection options of the run; null: all images.'),
    required(
      'images_completeness',
      'text',
      'read, forbidden, unsupported or failed. Only read marks images as missing.',
    ),
    optional('images_reason', 'text', 'Why not all images were read.'),
    required('images', 'integer', 'How many images the run saw.'),
    required('rejected', 'integer', 'How many records could not be read.'),
    optional(
      'usage_sources',
      'json',
      'The lists that usage was read from, and whether they were read; null: not asked for.',
    ),
    optional('usage_view', 'json', 'The projects whose use of images the credentials can see.'),
    optional('prices_completeness', 'text', 'As images_completeness; null: not asked for.'),
    optional('prices_reason', 'text', 'Why no prices were read.'),
    required('imago_version', 'text', 'The version of imago.'),
  ],
  primaryKey: ['cloud_key', 'observed_at'],
  history: null,
}

/** Tables whose rows belong to a version of an image. */
export const imageParts: readonly Table[] = [digestsTable, labelsTable, tagsTable, originsTable]

/** All tables of a database, in the order in which they are created. */
export const TABLES: readonly Table[] = [imagesTable, ...imageParts, usageTable, pricesTable, runsTable]

/** The columns of a Parquet file of images: those of a database without its history. */
export const FILE_COLUMNS: readonly Column[] = [
  ...IMAGE_CONTENT,
  ...REQUESTED,
  required('run', 'text', 'Identifies the run.'),
  required('observed_at', 'timestamp', 'When reading began.'),
]
