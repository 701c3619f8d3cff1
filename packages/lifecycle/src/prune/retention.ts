import type { Image } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { toDay, toMs, toWeek } from '../utc.ts'

/** The units of a retention policy. `newest` counts images, the others periods that contain an image. */
export const RETENTION_UNITS = ['newest', 'daily', 'weekly', 'monthly', 'yearly'] as const
export type RetentionUnit = (typeof RETENTION_UNITS)[number]

/** How many images to keep, or of how many days, weeks, months and years the newest one. Periods are those of UTC; weeks begin on Monday. */
export type Retention = Readonly<Partial<Record<RetentionUnit, number>>>

const MAX_KEPT = 1_000_000

/** In characters. Longer texts are refused. */
const LONGEST_POLICY = 200

const isUnit = (text: string): text is RetentionUnit => (RETENTION_UNITS as readonly string[]).includes(text)

/** Reads `newest:3,daily:7`. Left: why it is invalid. */
export const parseRetention = (text: string): E.Either<string, Retention> => {
  if (text.length > LONGEST_POLICY) return E.left(`longer than ${LONGEST_POLICY} characters`)
  const policy: Partial<Record<RetentionUnit, number>> = {}
  for (const part of text.split(',')) {
    const [unit = '', amount = '', ...rest] = part.trim().split(':')
    if (/^\d+$/.test(unit)) return E.left('a number needs a unit, such as newest:3')
    if (!isUnit(unit)) return E.left(`unknown unit "${unit}" (one of: ${RETENTION_UNITS.join(', ')})`)
    if (rest.length > 0 || !/^[1-9]\d{0,6}$/.test(amount) || Number(amount) > MAX_KEPT)
      return E.left(`${unit} needs a number from 1, such as ${unit}:3`)
    if (policy[unit] !== undefined) return E.left(`${unit} is given twice`)
    policy[unit] = Number(amount)
  }
  return E.right(policy)
}

const PERIODS: Readonly<Record<Exclude<RetentionUnit, 'newest'>, (ms: number) => string>> = {
  daily: toDay,
  weekly: toWeek,
  monthly: (ms) => toDay(ms).slice(0, 7),
  yearly: (ms) => toDay(ms).slice(0, 4),
}

/** An image and its time of creation, in milliseconds since the epoch. */
interface Dated {
  readonly image: Image
  readonly ms: number
}

const toDated = (image: Image): readonly Dated[] =>
  image.createdAt === null ? [] : [{ image, ms: toMs(image.createdAt) }]

/** Newest first. Images of the same instant are sorted by ID, so that the result does not depend on the listing. */
const byAge = (a: Dated, b: Dated): number => {
  if (a.ms !== b.ms) return b.ms - a.ms
  const [left, right] = [a, b].map(({ image: { ref } }) =>
    JSON.stringify([ref.id, ref.provider, ref.cloud, ref.region]),
  )
  return (left ?? '') < (right ?? '') ? -1 : 1
}

const newestOfEach = (dated: readonly Dated[], toPeriod: (ms: number) => string, limit: number): readonly Dated[] => {
  const newest = new Map<string, Dated>()
  for (const one of dated) {
    const period = toPeriod(one.ms)
    if (newest.has(period)) continue
    if (newest.size === limit) break
    newest.set(period, one)
  }
  return [...newest.values()]
}

/**
 * The images of one group that a retention policy keeps, each with the units that keep it.
 *
 * `daily: 7` keeps the newest image of each of the last 7 days that have one, as restic and borg do: a pause between snapshots never
 * deletes existing ones. Images without a time of creation are not in the result, because their age is unknown.
 */
export const applyRetention = (
  images: readonly Image[],
  policy: Retention,
): ReadonlyMap<Image, readonly RetentionUnit[]> => {
  const dated = images.flatMap(toDated).sort(byAge)
  const kept = new Map<Image, RetentionUnit[]>()
  for (const unit of RETENTION_UNITS) {
    const limit = policy[unit] ?? 0
    const ofUnit = unit === 'newest' ? dated.slice(0, limit) : newestOfEach(dated, PERIODS[unit], limit)
    for (const { image } of ofUnit) kept.set(image, [...(kept.get(image) ?? []), unit])
  }
  return kept
}
