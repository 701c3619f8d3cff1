import { refuse } from './refusal.ts'
import { storedBy, type GlanceState } from './state.ts'

export const MIB = 1024 ** 2

const EXCEEDED =
  'The request returned a 413 Request Entity Too Large. This generally means that rate limiting or a quota threshold was breached.\n\nThe response body:\n'

/** Refuses requests over a unified limit; -1 is no limit: oslo_limit/exception.py, ProjectOverLimit; glance/common/exception.py, LimitExceeded. */
export const refuseOverLimit = (
  project: string | null,
  resource: string,
  { limit, current, delta }: { readonly limit: number; readonly current: number; readonly delta: number },
): void => {
  if (limit < 0 || current + delta <= limit) return
  throw refuse(
    413,
    `${EXCEEDED}Project ${project} is over a limit for [Resource ${resource} is over limit of ${limit} due to current usage ${current} and delta ${delta}]`,
  )
}

export const hasUnifiedLimits = ({ quotas }: GlanceState): boolean => quotas.images !== null

/** Returns the number of images of a project that are being uploaded. */
export const countUploads = (state: GlanceState, project: string | null): number =>
  [...state.images.values()].filter(
    ({ owner, status }) => owner === project && (status === 'saving' || status === 'uploading'),
  ).length

/**
 * Checked before data is read: Glance 33 includes the announced size; Glance 25 counts only stored data, and so accepts one image too many. glance:
 * glance/api/v2/image_data.py, upload.
 */
export const refuseOverStorage = (state: GlanceState, project: string | null, size: number | null): void => {
  const { storage } = state.quotas
  if (storage === null || !hasUnifiedLimits(state)) return
  refuseOverLimit(project, 'image_size_total', {
    limit: Math.floor(storage / MIB),
    current: Math.floor(storedBy(state, project) / MIB),
    delta: Math.floor((size ?? 0) / MIB),
  })
}

/** Called when the image itself is already counted. */
export const refuseOverUploads = (state: GlanceState, project: string | null): void => {
  const limit = state.quotas.uploads ?? state.quotas.images
  if (limit !== null && hasUnifiedLimits(state))
    refuseOverLimit(project, 'image_count_uploading', { limit, current: countUploads(state, project), delta: 0 })
}
