import type { CloudIdentity } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { isDenied } from './denied.ts'
import { createFit } from './fit.ts'
import { createLock, printLock, type Lock } from './lock-file.ts'
import type { ObservedCloud } from './observed.ts'
import { cloudKey, createPin, pinKey, type Pin, type PinTarget } from './pin.ts'
import { findRefusals } from './refusal.ts'
import { createRefusalContext, resolve, type Resolution } from './resolve.ts'
import { printWant } from './want.ts'
import { printWhere, type Requirement } from './requirement.ts'

/** A requirement, and the cloud to resolve it on. */
export interface LockTarget extends PinTarget {
  readonly cloud: CloudIdentity
}

/** The existing pins to resolve again: none, all, or those of these images. */
export type Update = 'none' | 'all' | ReadonlySet<string>

/** The input of `planLock`. */
export interface LockRequest {
  /** Each image and cloud at most once. */
  readonly targets: readonly LockTarget[]
  readonly deny: readonly string[]
  /** The current lock. */
  readonly lock: Lock
  readonly update: Update
}

/**
 * What happens to a pin.
 * - `kept`: its line stays as it is, byte for byte.
 * - `refreshed`: the same image, with other facts or another requirement.
 * - `updated`: another image.
 */
export type LockChange =
  | { readonly kind: 'added'; readonly before: null; readonly after: Pin }
  | { readonly kind: 'removed'; readonly before: Pin; readonly after: null }
  | { readonly kind: 'kept' | 'refreshed' | 'updated'; readonly before: Pin; readonly after: Pin }

/** Why an image has no pin on a cloud, or no newer one. */
export type LockProblem = { readonly target: LockTarget } & (
  | { readonly kind: 'unresolved'; readonly resolution: Exclude<Resolution, { readonly outcome: 'resolved' }> }
  /** `reason`: why not all images were read, in one readable line. */
  | { readonly kind: 'incomplete'; readonly reason: string | null }
)

/** The planned lock. Pins with a problem stay as they were. */
export interface LockPlan {
  readonly lock: Lock
  /** In the order of the pins' keys. */
  readonly changes: readonly LockChange[]
  readonly problems: readonly LockProblem[]
}

const isAsked = (update: Update, image: string): boolean => update === 'all' || (update !== 'none' && update.has(image))

/** Whether the pin belongs to this requirement. */
const matchesRequirement = (pin: Pin, requirement: Requirement): boolean =>
  pin.want === printWant(requirement.want) && pin.where === printWhere(requirement)

const targetKey = ({ image, cloud }: LockTarget): string => pinKey({ ...cloud, image })

const pinsByKey = ({ pins }: Lock): ReadonlyMap<string, Pin> => new Map(pins.map((pin) => [pinKey(pin), pin]))

/** The pin, if it stays without reading its cloud. */
const settledPin = (
  pin: Pin | undefined,
  { image, on, requirement }: LockTarget,
  { deny, update }: LockRequest,
): Pin | null => {
  if (pin === undefined || !matchesRequirement(pin, requirement) || isDenied(deny, pin) || isAsked(update, image))
    return null
  return pin.on === on ? pin : { ...pin, on }
}

/** The clouds that a plan must read, each once. */
export const cloudsToObserve = (request: LockRequest): readonly CloudIdentity[] => {
  const pins = pinsByKey(request.lock)
  const open = request.targets.filter((target) => settledPin(pins.get(targetKey(target)), target, request) === null)
  return [...new Map(open.map(({ cloud }) => [cloudKey(cloud), cloud])).values()]
}

/** The observed clouds, by `cloudKey`. */
export type Observations = ReadonlyMap<string, ObservedCloud>

/** A lock changes as little as possible: a pin whose requirement has changed is kept if its image still fits. */
const keptImage = (
  pin: Pin,
  { requirement }: LockTarget,
  observed: ObservedCloud,
  deny: readonly string[],
  now: string,
) => {
  const image = observed.images.items.find(({ ref }) => ref.id === pin.id)
  if (image === undefined || createFit(requirement.want)(image) === null) return null
  return findRefusals(image, requirement, createRefusalContext(observed, deny, now)).length === 0 ? image : null
}

const settle = (
  target: LockTarget,
  pin: Pin | undefined,
  request: LockRequest,
  observations: Observations,
  now: string,
): E.Either<LockProblem, Pin> => {
  const settled = settledPin(pin, target, request)
  if (settled !== null) return E.right(settled)
  const observed = observations.get(cloudKey(target.cloud))
  // A better image, or the pinned one, may not have been read.
  if (observed?.images.completeness !== 'read')
    return E.left({ target, kind: 'incomplete', reason: observed?.images.reason ?? null })
  const kept =
    pin === undefined || isAsked(request.update, target.image)
      ? null
      : keptImage(pin, target, observed, request.deny, now)
  if (kept !== null) return E.right(createPin(target, kept, observed))
  const resolution = resolve(target.requirement, observed, { deny: request.deny, now })
  return resolution.outcome === 'resolved'
    ? E.right(createPin(target, resolution.image, observed))
    : E.left({ target, kind: 'unresolved', resolution })
}

const isSame = (a: Pin, b: Pin): boolean => printLock(createLock([a])) === printLock(createLock([b]))

const toChange = (before: Pin | undefined, after: Pin): LockChange => {
  if (before === undefined) return { kind: 'added', before: null, after }
  if (before.id !== after.id) return { kind: 'updated', before, after }
  return { kind: before === after || isSame(before, after) ? 'kept' : 'refreshed', before, after }
}

/**
 * Plans a lock: adds missing pins, removes those without a requirement, and keeps the rest unchanged. Pure.
 * - A pin is removed only without a requirement. It is changed only if its requirement has changed, its image is denied, or an update is requested.
 * - An incomplete or failed listing adds, changes and removes nothing.
 *
 * Law: planning again with the result gives the same result, whatever the listing.
 * @param now An instant.
 */
export const planLock = (request: LockRequest, observations: Observations, now: string): LockPlan => {
  const pins = pinsByKey(request.lock)
  const outcomes = request.targets.map((target) => {
    const before = pins.get(targetKey(target))
    return { before, key: targetKey(target), result: settle(target, before, request, observations, now) }
  })
  const wanted = new Set(outcomes.map(({ key }) => key))
  const changes = outcomes.flatMap(({ before, result }): readonly LockChange[] => {
    if (E.isRight(result)) return [toChange(before, result.right)]
    return before === undefined ? [] : [{ kind: 'kept', before, after: before }]
  })
  const removed = request.lock.pins
    .filter((pin) => !wanted.has(pinKey(pin)))
    .map((before): LockChange => ({ kind: 'removed', before, after: null }))
  const formatKey = ({ before, after }: LockChange): string => {
    const pin = after ?? before
    return pin === null ? '' : pinKey(pin)
  }
  return {
    lock: createLock(changes.flatMap(({ after }) => after ?? [])),
    changes: [...changes, ...removed].toSorted((a, b) => (formatKey(a) < formatKey(b) ? -1 : 1)),
    problems: outcomes.flatMap(({ result }) => (E.isLeft(result) ? [result.left] : [])),
  }
}
