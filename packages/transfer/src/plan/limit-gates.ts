import { formatSize, isAcceptedText, type NewImage, type Quota, type UploadLimits } from '@imago/core'
import { RUN_PROPERTY } from '../carry/run-marks.ts'
import { bytesOfSource, wayInto } from './format.ts'
import { blocks, warns } from './gate.ts'
import type { Gate, PlanFormat } from './plan.ts'
import type { MoveSource, MoveTarget, MoveWishes, PlannedUse } from './wishes.ts'

type Cloud = Extract<MoveTarget, { readonly kind: 'cloud' }>

/** What these gates look at. */
export interface LimitSituation {
  readonly source: MoveSource
  readonly target: MoveTarget
  readonly wishes: Pick<MoveWishes, 'store'>
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
const estimateFor = ({ source, format }: LimitSituation): number | null => {
  const read = bytesOfSource(source)
  if (read === null) return null
  return format.virtualSize === null ? read : Math.min(read, format.virtualSize)
}

const bytesGates = (situation: LimitSituation, quota: Quota, { bytes: planned }: PlannedUse): readonly Gate[] => {
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

const imagesGates = ({ used, limit }: Quota, { images: planned }: PlannedUse): readonly Gate[] => {
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
const uploadsGates = ({ used, limit }: Quota): readonly Gate[] => {
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

const NOTHING: PlannedUse = { bytes: 0, images: 0 }

const quotaGates = (
  situation: LimitSituation,
  { limits = null, planned = NOTHING, isThere = false }: Cloud,
): readonly Gate[] => {
  if (isThere) return []
  const { bytes, images, uploads } = limits ?? { bytes: null, images: null, uploads: null }
  return [
    ...(bytes === null
      ? [warns('quota', 'the storage quota of the target is unknown', 'Check that there is room for the image')]
      : bytesGates(situation, bytes, planned)),
    ...(images === null ? [] : imagesGates(images, planned)),
    ...(uploads === null ? [] : uploadsGates(uploads)),
  ]
}

const storeGates = ({ store }: Pick<MoveWishes, 'store'>, stores: UploadLimits['stores']): readonly Gate[] => {
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

const enabledGates = (
  { request, format }: LimitSituation,
  { diskFormats, containerFormats }: UploadLimits,
): readonly Gate[] => {
  if (request === null) return []
  const { diskFormat, containerFormat = 'bare' } = request
  const gates: Gate[] = []
  // Of a format that is not known, another gate tells.
  if (format.to !== null && diskFormats !== null && !diskFormats.includes(diskFormat)) {
    gates.push(
      blocks(
        'disk-format',
        `the target does not accept the disk format ${diskFormat} (one of: ${listed(diskFormats)})`,
        'Choose one of them with --disk-format',
      ),
    )
  }
  if (containerFormats !== null && !containerFormats.includes(containerFormat)) {
    gates.push(
      blocks(
        'container-format',
        `the target does not accept the container format ${containerFormat} (one of: ${listed(containerFormats)})`,
        'Unpack the image, then transfer the disk in it as a file',
      ),
    )
  }
  return gates
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

const textGates = (
  request: NewImage,
  target: Cloud,
  { nameLength, tagLength, properties, otherProperties }: UploadLimits,
): readonly Gate[] => {
  const { provider } = target.cloud
  const refused = (what: string): Gate => blocks('metadata', `${provider}: ${what}`, OTHER)
  const gates: Gate[] = []
  const { name: nameRule, tag: tagRule } = target.capabilities.metadata ?? {}
  // What is too long for the provider itself, its rules have told.
  if (isLonger(request.name, nameLength) && isAcceptedText(request.name, nameRule))
    gates.push(
      refused(
        `the name ${JSON.stringify(shown(request.name))} has ${[...request.name].length} characters, and the target accepts ${nameLength}`,
      ),
    )
  for (const tag of (request.tags ?? []).filter((one) => isLonger(one, tagLength) && isAcceptedText(one, tagRule)))
    gates.push(
      refused(
        `the tag ${JSON.stringify(shown(tag))} has ${[...tag].length} characters, and the target accepts ${tagLength}`,
      ),
    )
  for (const [name, value] of propertiesOf(request, target)) {
    const limit = properties !== null && Object.hasOwn(properties, name) ? properties[name] : undefined
    if (limit === undefined) {
      if (otherProperties === false)
        gates.push(
          refused(
            `the target accepts no property ${JSON.stringify(shown(name))}: its operator allows certain properties only`,
          ),
        )
    } else if (value !== null) {
      if (limit.values !== null && !limit.values.includes(value))
        gates.push(
          refused(
            `the property ${shown(name)} cannot be ${JSON.stringify(shown(value))} (one of: ${listed(limit.values)})`,
          ),
        )
      if (isLonger(value, limit.longest))
        gates.push(
          refused(
            `the value of the property ${shown(name)} has ${[...value].length} characters, and the target accepts ${limit.longest}`,
          ),
        )
    }
  }
  return gates
}

/** Numbers of entries, by the rules of the provider. */
const countGates = (request: NewImage, target: Cloud): readonly Gate[] => {
  const { tagCount, propertyCount, labelCount } = target.capabilities.metadata ?? {}
  return [
    { rule: tagCount, count: new Set(request.tags ?? []).size, one: 'tag', what: 'tags' },
    { rule: propertyCount, count: propertiesOf(request, target).size, one: 'property', what: 'properties' },
    { rule: labelCount, count: Object.keys(request.labels ?? {}).length, one: 'label', what: 'labels' },
  ].flatMap(({ rule, count, one, what }) => {
    if (rule === undefined || count <= rule.most) return []
    const entries = count === 1 ? one : what
    return [
      rule.isFixed
        ? blocks(
            'metadata',
            `the image has ${count} ${entries}, and ${target.cloud.provider} accepts ${rule.most}`,
            `Choose an image with fewer ${what}`,
          )
        : warns(
            'metadata',
            `the image has ${count} ${entries}, and ${target.cloud.provider} accepts ${rule.most} unless its operator has changed that`,
            `Ask the operator of the cloud for its limit of ${what}`,
          ),
    ]
  })
}

/** What the target refuses by what it reports of new images, and by the numbers of entries that its provider documents. */
export const limitGates = (situation: LimitSituation): readonly Gate[] => {
  const { target, wishes, request } = situation
  if (target.kind === 'file' || wayInto(target) === null) return []
  const { limits = null } = target
  return [
    ...storeGates(wishes, limits?.stores ?? null),
    ...(limits === null ? [] : enabledGates(situation, limits)),
    ...(limits === null || request === null ? [] : textGates(request, target, limits)),
    ...(request === null ? [] : countGates(request, target)),
    ...quotaGates(situation, target),
  ]
}
