import { formatSizes, formatSize, type Quota } from '@imago/core'
import { readSourceSize } from './format.ts'
import type { Cloud, LimitCheckInput } from './limit-check-input.ts'
import type { PreflightCheck } from './plan.ts'
import { createBlocker, createWarning } from './preflight-check.ts'
import type { PlannedUsage } from './transfer-input.ts'

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
        'Check that this is enough: the transfer stops before it sends more',
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
          `the image has about ${size} (estimated from the source: the exact size is unknown until it is converted or decompressed), and ${room}`,
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
          `the quota of the target allows ${limit} ${limit === 1 ? 'upload' : 'uploads'} at a time, and ${used} ${used === 1 ? 'is' : 'are'} in progress`,
          'Wait until one of them has finished',
        ),
  ]
}

const NOTHING: PlannedUsage = { bytes: 0, images: 0 }

export const checkQuota = (
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
