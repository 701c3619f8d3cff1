import {
  formatSize,
  isAcceptedText,
  type NewImage,
  type ParameterChange,
  type Quota,
  type UploadLimits,
} from '@imago/core'
import { RUN_PROPERTY } from '../metadata/run-tags.ts'
import { readSourceSize, selectUploadMethod } from './format.ts'
import { createBlocker, createWarning } from './preflight-check.ts'
import type { PreflightCheck, PlanFormat } from './plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides, PlannedUsage } from './transfer-input.ts'

type Cloud = Extract<TransferTarget, { readonly kind: 'cloud' }>

/** What these checks examine. */
export interface LimitCheckInput {
  readonly source: TransferSource
  readonly target: TransferTarget
  readonly overrides: Pick<TransferOverrides, 'store'>
  readonly format: PlanFormat
  /** The image to create; `null`: the target is a file. */
  readonly request: NewImage | null
  /** Bytes to send to the target; `null`: unknown. */
  readonly sent: number | null
}

const MOST_WORDS = 12
const MOST_LETTERS = 40

const truncateWord = (word: string): string => {
  const letters = Array.from(word.slice(0, 2 * MOST_LETTERS + 1))
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS).join('')}…` : word
}

/** A list of words from a cloud, of bounded length. */
const formatList = (words: readonly string[]): string =>
  `${words.slice(0, MOST_WORDS).map(truncateWord).join(', ')}${words.length > MOST_WORDS ? ` and ${words.length - MOST_WORDS} more` : ''}`

/** Human-readable sizes; in bytes if different sizes would look the same. */
const formatSizes = (...bytes: readonly number[]): readonly string[] => {
  const texts = bytes.map(formatSize)
  return new Set(texts).size === new Set(bytes).size ? texts : bytes.map((count) => `${count} bytes`)
}

/** Rounds down to the unit in which the provider counts. */
const roundToUnit = (needed: number, { unit }: Quota): number => Math.floor(needed / unit) * unit

const MAKE_ROOM = 'Delete images that are no longer needed, or ask the operator of the cloud for a larger quota'

/** A lower bound of the size, if a conversion or decompression determines it. */
const estimateSize = ({ source, format }: LimitCheckInput): number | null => {
  const read = readSourceSize(source)
  if (read === null) return null
  return format.virtualSize === null ? read : Math.min(read, format.virtualSize)
}

const checkBytes = (
  input: LimitCheckInput,
  quota: Quota,
  { bytes: planned }: PlannedUsage,
): readonly PreflightCheck[] => {
  const { sent } = input
  if (quota.limit === null) return []
  const needed = sent ?? estimateSize(input)
  if (needed === null)
    return [
      createWarning(
        'quota',
        `the size of the image is unknown, and the quota of the target leaves ${formatSize(Math.max(0, quota.limit - quota.used - planned))}`,
        'Check that it is enough: the transfer stops before it sends more',
      ),
    ]
  if (quota.used + planned + roundToUnit(needed, quota) <= quota.limit) return []
  const [size = '', left = '', used = '', limit = ''] = formatSizes(
    needed,
    Math.max(0, quota.limit - quota.used - planned),
    quota.used,
    quota.limit,
  )
  const others = planned === 0 ? '' : `, and the images planned before it take ${formatSize(planned)}`
  const room = `the quota of the target leaves ${left} (${used} of ${limit} are used${others})`
  return sent === null
    ? [
        createWarning(
          'quota',
          `the image has about ${size} (an estimate, by the size of the source: its size is known once it is converted or decompressed), and ${room}`,
          MAKE_ROOM,
        ),
      ]
    : [createBlocker('quota', `the image has ${size}, and ${room}`, MAKE_ROOM)]
}

const checkImages = ({ used, limit }: Quota, { images: planned }: PlannedUsage): readonly PreflightCheck[] => {
  if (limit === null || used + planned + 1 <= limit) return []
  const others = planned === 0 ? '' : `, and ${planned} ${planned === 1 ? 'is' : 'are'} planned before this one`
  return [
    createBlocker(
      'quota',
      `one more image exceeds the quota of the target: ${used} of ${limit} images exist${others}`,
      MAKE_ROOM,
    ),
  ]
}

/** Uploads in progress end by themselves, so only a limit of 0 blocks. */
const checkUploads = ({ used, limit }: Quota): readonly PreflightCheck[] => {
  if (limit === null || used + 1 <= limit) return []
  return [
    limit === 0
      ? createBlocker(
          'quota',
          'the quota of the target allows no uploads (0 at a time)',
          'Ask the operator of the cloud for a larger quota',
        )
      : createWarning(
          'quota',
          `${used} of ${limit} uploads that the quota of the target allows at a time are in progress`,
          'Wait until one of them has finished',
        ),
  ]
}

const NOTHING: PlannedUsage = { bytes: 0, images: 0 }

const checkQuota = (
  input: LimitCheckInput,
  { limits = null, plannedUsage = NOTHING, alreadyExists = false }: Cloud,
): readonly PreflightCheck[] => {
  if (alreadyExists) return []
  const { bytes, images, uploads } = limits ?? { bytes: null, images: null, uploads: null }
  return [
    ...(bytes === null
      ? [createWarning('quota', 'the storage quota of the target is unknown', 'Check that there is room for the image')]
      : checkBytes(input, bytes, plannedUsage)),
    ...(images === null ? [] : checkImages(images, plannedUsage)),
    ...(uploads === null ? [] : checkUploads(uploads)),
  ]
}

const checkStore = (
  { store }: Pick<TransferOverrides, 'store'>,
  stores: UploadLimits['stores'],
): readonly PreflightCheck[] => {
  if (stores === null)
    return store === undefined
      ? []
      : [
          createWarning(
            'store',
            `the target reports no stores, and may ignore the store ${truncateWord(store)}`,
            'Leave out the store, or check afterwards where the data is',
            { parameter: 'store', values: [] },
          ),
        ]
  const writable = stores.filter(({ isReadOnly }) => !isReadOnly).map(({ id }) => id)
  const advice: readonly [hint: string, ...changes: ParameterChange[]] =
    writable.length === 0
      ? ['Ask the operator of the cloud for a writable store']
      : ['Choose a writable store', { parameter: 'store', values: writable.slice(0, MOST_WORDS).map(truncateWord) }]
  const chosen = stores.find(({ id, isDefault }) => (store === undefined ? isDefault : id === store))
  if (chosen?.isReadOnly === true)
    return [
      createBlocker(
        'store',
        `the ${store === undefined ? 'default store' : 'store'} ${truncateWord(chosen.id)} of the target is read-only`,
        ...advice,
      ),
    ]
  return store === undefined || chosen !== undefined
    ? []
    : [
        createBlocker(
          'store',
          `the target has no store ${JSON.stringify(truncateWord(store))} (one of: ${formatList(stores.map(({ id }) => id))})`,
          ...advice,
        ),
      ]
}

const checkFormats = (
  { request, format }: LimitCheckInput,
  { diskFormats, containerFormats }: UploadLimits,
): readonly PreflightCheck[] => {
  if (request === null) return []
  const { diskFormat, containerFormat = 'bare' } = request
  const checks: PreflightCheck[] = []
  // Another check reports an unknown format.
  if (format.to !== null && diskFormats !== null && !diskFormats.includes(diskFormat)) {
    checks.push(
      createBlocker(
        'disk-format',
        `the target does not accept the disk format ${diskFormat} (one of: ${formatList(diskFormats)})`,
        'Choose one of these disk formats',
        { parameter: 'diskFormat', values: [] },
      ),
    )
  }
  if (containerFormats !== null && !containerFormats.includes(containerFormat)) {
    checks.push(
      createBlocker(
        'container-format',
        `the target does not accept the container format ${containerFormat} (one of: ${formatList(containerFormats)})`,
        'Unpack the image, then transfer the disk in it as a file',
      ),
    )
  }
  return checks
}

const isLonger = (text: string, most: number | null): boolean => most !== null && [...text].length > most

const OTHER = 'Choose another for the new image'

/** Properties of the new image: the requested ones, those that the adapter writes for fields, and the run tag. */
const collectProperties = (
  request: NewImage,
  { capabilities: { changes, metadata } }: Cloud,
): ReadonlyMap<string, string | null> => {
  if (!changes.includes('properties')) return new Map()
  const written = (metadata?.fieldProperties ?? []).filter(
    ({ field, from }) =>
      from === 'field' &&
      ((field === 'architecture' && request.architecture !== undefined) ||
        (field === 'description' && request.description !== undefined)),
  )
  return new Map<string, string | null>([
    ...written.map(({ property }) => [property, null] as const),
    [RUN_PROPERTY, null],
    ...Object.entries(request.properties ?? {}),
  ])
}

const checkTexts = (
  request: NewImage,
  target: Cloud,
  { nameLength, tagLength, properties, otherProperties }: UploadLimits,
): readonly PreflightCheck[] => {
  const { provider } = target.cloud
  const refused = (what: string): PreflightCheck => createBlocker('metadata', `${provider}: ${what}`, OTHER)
  const checks: PreflightCheck[] = []
  const { name: nameRule, tag: tagRule } = target.capabilities.metadata ?? {}
  // The metadata rules already report what is too long for the provider.
  if (isLonger(request.name, nameLength) && isAcceptedText(request.name, nameRule))
    checks.push(
      refused(
        `the name ${JSON.stringify(truncateWord(request.name))} has ${[...request.name].length} characters, and the target accepts ${nameLength}`,
      ),
    )
  for (const tag of (request.tags ?? []).filter((one) => isLonger(one, tagLength) && isAcceptedText(one, tagRule)))
    checks.push(
      refused(
        `the tag ${JSON.stringify(truncateWord(tag))} has ${[...tag].length} characters, and the target accepts ${tagLength}`,
      ),
    )
  for (const [name, value] of collectProperties(request, target)) {
    const limit = properties !== null && Object.hasOwn(properties, name) ? properties[name] : undefined
    if (limit === undefined) {
      if (otherProperties === false)
        checks.push(
          refused(
            `the target accepts no property ${JSON.stringify(truncateWord(name))}: its operator allows certain properties only`,
          ),
        )
    } else if (value !== null) {
      if (limit.values !== null && !limit.values.includes(value))
        checks.push(
          refused(
            `the property ${truncateWord(name)} cannot be ${JSON.stringify(truncateWord(value))} (one of: ${formatList(limit.values)})`,
          ),
        )
      if (isLonger(value, limit.maxLength))
        checks.push(
          refused(
            `the value of the property ${truncateWord(name)} has ${[...value].length} characters, and the target accepts ${limit.maxLength}`,
          ),
        )
    }
  }
  return checks
}

/** The numbers of tags, properties and labels that the provider documents. */
const checkCounts = (request: NewImage, target: Cloud): readonly PreflightCheck[] => {
  const { tagCount, propertyCount, labelCount } = target.capabilities.metadata ?? {}
  return [
    { rule: tagCount, count: new Set(request.tags ?? []).size, one: 'tag', what: 'tags' },
    { rule: propertyCount, count: collectProperties(request, target).size, one: 'property', what: 'properties' },
    { rule: labelCount, count: Object.keys(request.labels ?? {}).length, one: 'label', what: 'labels' },
  ].flatMap(({ rule, count, one, what }) => {
    if (rule === undefined || count <= rule.max) return []
    const entries = count === 1 ? one : what
    return [
      rule.isFixed
        ? createBlocker(
            'metadata',
            `the image has ${count} ${entries}, and ${target.cloud.provider} accepts ${rule.max}`,
            `Choose an image with fewer ${what}`,
          )
        : createWarning(
            'metadata',
            `the image has ${count} ${entries}, and ${target.cloud.provider} accepts ${rule.max} by default`,
            `Ask the operator of the cloud for its limit of ${what}`,
          ),
    ]
  })
}

/** Checks the image against the limits that the target reports, and the numbers of entries that its provider documents. */
export const checkLimits = (input: LimitCheckInput): readonly PreflightCheck[] => {
  const { target, overrides, request } = input
  if (target.kind === 'file' || selectUploadMethod(target) === null) return []
  const { limits = null } = target
  return [
    ...checkStore(overrides, limits?.stores ?? null),
    ...(limits === null ? [] : checkFormats(input, limits)),
    ...(limits === null || request === null ? [] : checkTexts(request, target, limits)),
    ...(request === null ? [] : checkCounts(request, target)),
    ...checkQuota(input, target),
  ]
}
