import type {
  Abortable,
  ImageResult,
  ImageError,
  ImageStore,
  PropertyLimit,
  Quota,
  UploadLimits,
} from '@imago/core/provider'
import { recoverFrom } from '@imago/provider-kit'
import {
  GLANCE_BASE_KEYS,
  type GlanceSchema,
  type GlanceSchemaProperty,
  type GlanceStore,
  type GlanceUsage,
  type GlanceUsageEntry,
} from '@imago/schema-openstack'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { toCallOptions, type SourceContext } from './context.ts'

const OPERATION = 'uploadLimits'

const MIB = 2 ** 20

/** A limit of -1 means unlimited. Glance rounds each sum down. glance: glance/quota/keystone.py. */
const toQuota = (entry: GlanceUsageEntry | null | undefined, unit: number): Quota | null => {
  const { usage, limit } = entry ?? {}
  if (
    usage === undefined ||
    usage === null ||
    limit === undefined ||
    limit === null ||
    !Number.isSafeInteger(usage * unit) ||
    usage < 0
  )
    return null
  return { used: usage * unit, limit: limit < 0 || !Number.isSafeInteger(limit * unit) ? null : limit * unit, unit }
}

/** Empty if Glance does not use Keystone's unified limits, even if other quotas apply. */
const toQuotas = (usage: GlanceUsage): Pick<UploadLimits, 'bytes' | 'images' | 'uploads'> => ({
  bytes: toQuota(usage.image_size_total, MIB),
  images: toQuota(usage.image_count_total, 1),
  uploads: toQuota(usage.image_count_uploading, 1),
})

/** Glance sends the text `true`. */
const isSet = (flag: GlanceStore['default']): boolean => flag === true || flag === 'true'

const toStore = (store: GlanceStore): ImageStore => ({
  id: store.id,
  isDefault: isSet(store.default),
  isReadOnly: isSet(store['read-only']),
})

const readEnum = (property: GlanceSchemaProperty | undefined): readonly string[] | null => {
  const words = property?.enum?.filter((word) => typeof word === 'string') ?? []
  return words.length === 0 ? null : words
}

const readMaxLength = (property: unknown): number | null => {
  const { maxLength } = (property ?? {}) as { readonly maxLength?: unknown }
  return typeof maxLength === 'number' && Number.isSafeInteger(maxLength) && maxLength >= 0 ? maxLength : null
}

/**
 * `additionalProperties` is false if `allow_additional_image_properties` is: Glance then accepts only properties that the operator defines.
 * glance: glance/schema.py, Schema.raw; glance/api/v2/images.py, get_schema.
 */
const schemaLimits = ({ properties, additionalProperties }: GlanceSchema): Partial<UploadLimits> => {
  const described = Object.entries(properties).filter(
    ([name]) => !GLANCE_BASE_KEYS.has(name) && name !== 'direct_url' && name !== 'locations',
  )
  return {
    diskFormats: readEnum(properties['disk_format']),
    containerFormats: readEnum(properties['container_format']),
    nameLength: readMaxLength(properties['name']),
    tagLength: readMaxLength(properties['tags']?.items),
    properties: Object.fromEntries(
      described.map(([name, property]): readonly [string, PropertyLimit] => [
        name,
        { values: readEnum(property), maxLength: readMaxLength(property) },
      ]),
    ),
    otherProperties: additionalProperties === undefined ? null : additionalProperties !== false,
  }
}

const UNKNOWN_LIMITS: UploadLimits = {
  bytes: null,
  images: null,
  uploads: null,
  stores: null,
  diskFormats: null,
  containerFormats: null,
  nameLength: null,
  tagLength: null,
  properties: null,
  otherProperties: null,
}

/**
 * Combines the parts; the limits of a failed part are unknown. A policy may forbid it, and Glance returns 500 for `usage` if unified limits are
 * enabled but not set up. If all parts fail, returns the first error.
 */
const combine = (parts: readonly E.Either<ImageError, Partial<UploadLimits>>[]): E.Either<ImageError, UploadLimits> => {
  const [first] = parts
  if (first !== undefined && E.isLeft(first) && parts.every(E.isLeft)) return first
  return E.right(
    Object.assign({}, UNKNOWN_LIMITS, ...parts.map((part) => (E.isRight(part) ? part.right : {}))) as UploadLimits,
  )
}

/**
 * Reads `/v2/info/usage` (API 2.13, Xena), `/v2/info/stores` (API 2.8, with several stores only) and the image schema.
 * The API does not expose `user_storage_quota`, `image_size_cap` and the limits of tags and properties.
 */
export const uploadLimits =
  (context: SourceContext) =>
  (options: Abortable = {}): ImageResult<UploadLimits> => {
    const call = toCallOptions(OPERATION, options)
    const { info, schemas } = context.api
    const part = <A>(
      work: ImageResult<A>,
      read: (value: A) => Partial<UploadLimits>,
    ): ImageResult<Partial<UploadLimits>> =>
      pipe(work, TE.map(read), recoverFrom<Partial<UploadLimits>>(['NotFound', 'Rejected'], {}))
    const parts = [
      part(info.usage(call), toQuotas),
      part(info.stores(call), ({ items }) => (items.length === 0 ? {} : { stores: items.map(toStore) })),
      part(schemas.get('image', call), schemaLimits),
    ]
    return pipe(
      async () => combine(await Promise.all(parts.map((one) => one()))),
      // A login error names the login as the operation.
      TE.mapLeft((error): ImageError => ({ ...error, operation: OPERATION })),
    )
  }
