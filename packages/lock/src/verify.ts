import { isBefore, shiftInstant, type Digest, type Image, type Period } from '@imago/core'
import type { ObservedCloud } from './observed.ts'
import { readFacts, type Facts, type Pin } from './pin.ts'

/** The facts that identify an image. */
const IDENTITY = [
  'kind',
  'owner',
  'os',
  'architecture',
  'createdAt',
  'digest',
] as const satisfies readonly (keyof Facts)[]

/** A fact that has changed since the image was pinned. */
export interface ChangedFact {
  readonly fact: (typeof IDENTITY)[number]
  readonly pinned: string | null
  readonly now: string | null
}

/**
 * The current state of a pinned image.
 * - `changed`: the ID refers to another image.
 * - `gone`: the image does not exist, or no server can be created from it.
 * - `expires`: the provider withdraws it soon.
 */
export type PinState =
  | { readonly state: 'ok' }
  | { readonly state: 'changed'; readonly facts: readonly ChangedFact[] }
  | { readonly state: 'gone'; readonly status: Image['status'] | 'not found' }
  | { readonly state: 'expires'; readonly unavailableAfter: string }

const formatFact = (value: Facts[(typeof IDENTITY)[number]]): string | null => {
  if (value === null || typeof value === 'string') return value
  if ('algorithm' in value) {
    const { algorithm, value: hex, of, assertedBy } = value
    return `${algorithm}:${hex} (${of}, ${assertedBy})`
  }
  const parts = [value.distro, value.version].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(' ')
}

const isSameDigest = (a: Digest, b: Digest): boolean =>
  a.algorithm === b.algorithm && a.value === b.value && a.of === b.of && a.assertedBy === b.assertedBy

/** The digest to compare with the pinned one: the same one if the image still has it. */
const comparable = (pin: Pin, image: Image, facts: Facts): Digest | null => {
  const { digest } = pin
  return digest !== null && image.digests.some((one) => isSameDigest(one, digest)) ? digest : facts.digest
}

/**
 * Compares a pin with the current image of its ID; `null`: none. Pure.
 * @param within An image that the provider withdraws within this time expires.
 */
export const verifyPin = (
  pin: Pin,
  image: Image | null,
  {
    now,
    within,
    immutableKinds,
  }: { readonly now: string; readonly within: Period | null } & Pick<ObservedCloud, 'immutableKinds'>,
): PinState => {
  if (image === null) return { state: 'gone', status: 'not found' }
  const facts = readFacts(image, { immutableKinds })
  const current = { ...facts, digest: comparable(pin, image, facts) }
  const changed = IDENTITY.flatMap((fact): readonly ChangedFact[] => {
    const [pinned, seen] = [formatFact(pin[fact]), formatFact(current[fact])]
    // A digest that was unknown when the image was pinned is no contradiction.
    return pinned === seen || (fact === 'digest' && pinned === null) ? [] : [{ fact, pinned, now: seen }]
  })
  if (image.status !== 'available') return { state: 'gone', status: image.status }
  if (changed.length > 0) return { state: 'changed', facts: changed }
  const { unavailableAfter } = image
  const end = within === null ? now : shiftInstant(now, within, 1)
  if (unavailableAfter !== null && (end === null || !isBefore(end, unavailableAfter)))
    return { state: 'expires', unavailableAfter }
  return { state: 'ok' }
}
