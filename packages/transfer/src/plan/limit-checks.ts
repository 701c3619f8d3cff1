import { formatSize, isAcceptedText, type NewImage, type Quota, type UploadLimits } from '@imago/core'
import { RUN_PROPERTY } from '../metadata/run-tags.ts'
import { readSourceSize, selectUploadMethod } from './format.ts'
import { blocks, warns } from './preflight-check.ts'
import type { PreflightCheck, PlanFormat } from './plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides, PlannedUsage } from './transfer-input.ts'

type Cloud = Extract<TransferTarget, { readonly kind: 'cloud' }>

/** What these checks look at. */
export interface LimitCheckInput {
  readonly source: TransferSource
  readonly target: TransferTarget
  readonly overrides: Pick<TransferOverrides, 'store'>
  readonly format: PlanFormat
  /** The record to be made; `null`: the target is a file. */
  readonly request: NewImage | null
  /** Bytes that the target is sent; `null`: not known. */
  readonly sent: number | null
}

const MOST_WORDS = 12
const MOST_LETTERS = 40

const shown = (word: string): string => {
  const letters = Array.from(word.slice(0, 2 * MOST_LETTERS + 1))
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS).join('')}…` : word
}

/** Words from a cloud, which may be many and long. */
const listed = (words: readonly string[]): string =>
  `${words.slice(0, MOST_WORDS).map(shown).join(', ')}${words.length > MOST_WORDS ? ` and ${words.length - MOST_WORDS} more` : ''}`

/** Sizes for people, which tell one from another. */
const sizes = (...bytes: readonly number[]): readonly string[] => {
  const texts = bytes.map(formatSize)
  return new Set(texts).size === new Set(bytes).size ? texts : bytes.map((count) => `${count} bytes`)
}

/** As much of `asked` as the provider counts. */
const counted = (asked: number, { unit }: Quota): number => Math.floor(asked / unit) * unit

const MAKE_ROOM = 'Delete images that are no longer needed, or ask the operator of the cloud for a larger quota'

/** What the target is sent at least, where how much it is comes out of a conversion or decompression. */
const estimateFor = ({ source, format }: LimitCheckInput): number | null => {
  const read = readSourceSize(source)
  if (read === null) return null
  return format.virtualSize === null ? read : Math.min(read, format.virtualSize)
}

const bytesChecks = (
  situation: LimitCheckInput,
  quota: Quota,
  { bytes: planned }: PlannedUsage,
): readonly PreflightCheck[] => {
  const { sent } = situation
  if (quota.limit === null) return []
  const asked = sent ?? estimateFor(situation)
  if (asked === null)
    return [
      warns(
        'quota',
        `the size of the image is unknown, and the quota of the target leaves ${formatSize(Math.max(0, quota.limit - quota.used - planned))}`,
        'Check that it is enough: the transfer stops before it sends more',
      ),
    ]
  if (quota.used + planned + counted(asked, quota) <= quota.limit) return []
  const [size = '', left = '', used = '', limit = ''] = sizes(
    asked,
    Math.max(0, quota.limit - quota.used - planned),
    quota.used,
    quota.limit,
  )
  const others = planned === 0 ? '' : `, and the images planned before it take ${formatSize(planned)}`
  const room = `the quota of the target leaves ${left} (${used} of ${limit} are used${others})`
  return sent === null
    ? [
        warns(
          'quota',
          `the image has about ${size} (an estimate, by the size of the source: its size is known once it is converted or decompressed), and ${room}`,
          MAKE_ROOM,
        ),
      ]
    : [blocks('quota', `the image has ${size}, and ${room}`, MAKE_ROOM)]
}

const imagesChecks = ({ used, limit }: Quota, { images: planned }: PlannedUsage): readonly PreflightCheck[] => {
  if (limit === null || used + planned + 1 <= limit) return []
  const others = planned === 0 ? '' : `, and ${planned} ${planned === 1 ? 'is' : 'are'} planned before this one`
  return [
    blocks(
      'quota',
      `one more image exceeds the quota of the target: ${used} of ${limit} images exist${others}`,
      MAKE_ROOM,
    ),
  ]
}

/** Uploads end by themselves, so only where none is allowed is the transfer hopeless. */
const uploadsChecks = ({ used, limit }: Quota): readonly PreflightCheck[] => {
  if (limit === null || used + 1 <= limit) return []
  return [
    limit === 0
      ? blocks(
          'quota',
          'the quota of the target allows no uploads (0 at a time)',
          'Ask the operator of the cloud for a larger quota',
        )
      : warns(
          'quota',
          `${used} of ${limit} uploads that the quota of the target allows at a time are in progress`,
          'Wait until one of them has finished',
        ),
  ]
}

const NOTHING: PlannedUsage = { bytes: 0, images: 0 }

const quotaChecks = (
  situation: LimitCheckInput,
  { limits = null, plannedUsage = NOTHING, alreadyExists = false }: Cloud,
): readonly PreflightCheck[] => {
  if (alreadyExists) return []
  const { bytes, images, uploads } = limits ?? { bytes: null, images: null, uploads: null }
  return [
    ...(bytes === null
      ? [warns('quota', 'the storage quota of the target is unknown', 'Check that there is room for the image')]
      : bytesChecks(situation, bytes, plannedUsage)),
    ...(images === null ? [] : imagesChecks(images, plannedUsage)),
    ...(uploads === null ? [] : uploadsChecks(uploads)),
  ]
}

const storeChecks = (
  { store }: Pick<TransferOverrides, 'store'>,
  stores: UploadLimits['stores'],
): readonly PreflightCheck[] => {
  if (stores === null)
    return store === undefined
      ? []
      : [
          warns(
            'store',
            `the target reports no stores, and may ignore the store ${shown(store)}`,
            'Leave --store out, or check where the data are afterwards',
          ),
        ]
  const writable = stores.filter(({ isReadOnly }) => !isReadOnly).map(({ id }) => id)
  const hint =
    writable.length === 0
      ? 'Ask the operator of the cloud for a store that takes data'
      : `Choose one with --store: ${listed(writable)}`
  const chosen = stores.find(({ id, isDefault }) => (store === undefined ? isDefault : id === store))
  if (chosen?.isReadOnly === true)
    return [
      blocks(
        'store',
        `the ${store === undefined ? 'default store' : 'store'} ${shown(chosen.id)} of the target is read-only`,
        hint,
      ),
    ]
  return store === undefined || chosen !== undefined
    ? []
    : [
        blocks(
          'store',
          `the target has no store ${JSON.stringify(shown(store))} (one of: ${listed(stores.map(({ id }) => id))})`,
          hint,
        ),
      ]
}

const enabledChecks = (
  { request, format }: LimitCheckInput,
  { diskFormats, containerFormats }: UploadLimits,
): readonly PreflightCheck[] => {
  if (request === null) return []
  const { diskFormat, containerFormat = 'bare' } = request
  const checks: PreflightCheck[] = []
  // Of a format that is not known, another check tells.
  if (format.to !== null && diskFormats !== null && !diskFormats.includes(diskFormat)) {
    checks.push(
      blocks(
        'disk-format',
        `the target does not accept the disk format ${diskFormat} (one of: ${listed(diskFormats)})`,
        'Choose one of them with --disk-format',
      ),
    )
  }
  if (containerFormats !== null && !containerFormats.includes(containerFormat)) {
    checks.push(
      blocks(
        'container-format',
        `the target does not accept the container format ${containerFormat} (one of: ${listed(containerFormats)})`,
        'Unpack the image, then transfer the disk in it as a file',
      ),
    )
  }
  return checks
}

const isLonger = (text: string, most: number | null): boolean => most !== null && [...text].length > most

const OTHER = 'Choose another for the new image'

/** Properties of the record to be made: those that are asked for, those that the adapter makes of fields, and the mark of the run. */
const propertiesOf = (
  request: NewImage,
  { capabilities: { changes, metadata } }: Cloud,
): ReadonlyMap<string, string | null> => {
  if (!changes.includes('properties')) return new Map()
  const made = (metadata?.fieldProperties ?? []).filter(
    ({ field, from }) =>
      from === 'field' &&
      ((field === 'architecture' && request.architecture !== undefined) ||
        (field === 'description' && request.description !== undefined)),
  )
  return new Map<string, string | null>([
    ...made.map(({ property }) => [property, null] as const),
    [RUN_PROPERTY, null],
    ...Object.entries(request.properties ?? {}),
  ])
}

const textChecks = (
  request: NewImage,
  target: Cloud,
  { nameLength, tagLength, properties, otherProperties }: UploadLimits,
): readonly PreflightCheck[] => {
  const { provider } = target.cloud
  const refused = (what: string): PreflightCheck => blocks('metadata', `${provider}: ${what}`, OTHER)
  const checks: PreflightCheck[] = []
  const { name: nameRule, tag: tagRule } = target.capabilities.metadata ?? {}
  // What is too long for the provider itself, its rules have told.
  if (isLonger(request.name, nameLength) && isAcceptedText(request.name, nameRule))
    checks.push(
      refused(
        `the name ${JSON.stringify(shown(request.name))} has ${[...request.name].length} characters, and the target accepts ${nameLength}`,
      ),
    )
  for (const tag of (request.tags ?? []).filter((one) => isLonger(one, tagLength) && isAcceptedText(one, tagRule)))
    checks.push(
      refused(
        `the tag ${JSON.stringify(shown(tag))} has ${[...tag].length} characters, and the target accepts ${tagLength}`,
      ),
    )
  for (const [name, value] of propertiesOf(request, target)) {
    const limit = properties !== null && Object.hasOwn(properties, name) ? properties[name] : undefined
    if (limit === undefined) {
      if (otherProperties === false)
        checks.push(
          refused(
            `the target accepts no property ${JSON.stringify(shown(name))}: its operator allows certain properties only`,
          ),
        )
    } else if (value !== null) {
      if (limit.values !== null && !limit.values.includes(value))
        checks.push(
          refused(
            `the property ${shown(name)} cannot be ${JSON.stringify(shown(value))} (one of: ${listed(limit.values)})`,
          ),
        )
      if (isLonger(value, limit.maxLength))
        checks.push(
          refused(
            `the value of the property ${shown(name)} has ${[...value].length} characters, and the target accepts ${limit.maxLength}`,
          ),
        )
    }
  }
  return checks
}

/** Numbers of entries, by the rules of the provider. */
const countChecks = (request: NewImage, target: Cloud): readonly PreflightCheck[] => {
  const { tagCount, propertyCount, labelCount } = target.capabilities.metadata ?? {}
  return [
    { rule: tagCount, count: new Set(request.tags ?? []).size, one: 'tag', what: 'tags' },
    { rule: propertyCount, count: propertiesOf(request, target).size, one: 'property', what: 'properties' },
    { rule: labelCount, count: Object.keys(request.labels ?? {}).length, one: 'label', what: 'labels' },
  ].flatMap(({ rule, count, one, what }) => {
    if (rule === undefined || count <= rule.max) return []
    const entries = count === 1 ? one : what
    return [
      rule.isFixed
        ? blocks(
            'metadata',
            `the image has ${count} ${entries}, and ${target.cloud.provider} accepts ${rule.max}`,
            `Choose an image with fewer ${what}`,
          )
        : warns(
            'metadata',
            `the image has ${count} ${entries}, and ${target.cloud.provider} accepts ${rule.max} unless its operator has changed that`,
            `Ask the operator of the cloud for its limit of ${what}`,
          ),
    ]
  })
}

/** What the target refuses by what it reports of new images, and by the numbers of entries that its provider documents. */
export const checkLimits = (situation: LimitCheckInput): readonly PreflightCheck[] => {
  const { target, overrides, request } = situation
  if (target.kind === 'file' || selectUploadMethod(target) === null) return []
  const { limits = null } = target
  return [
    ...storeChecks(overrides, limits?.stores ?? null),
    ...(limits === null ? [] : enabledChecks(situation, limits)),
    ...(limits === null || request === null ? [] : textChecks(request, target, limits)),
    ...(request === null ? [] : countChecks(request, target)),
    ...quotaChecks(situation, target),
  ]
}
