import { isDenied } from './denied.ts'
import { isCanonical, type Lock } from './lock-file.ts'
import { pinKey, type Pin } from './pin.ts'
import { printWant } from './want.ts'
import type { WantedImages } from './images-file.ts'
import { printWhere } from './requirement.ts'

/**
 * How a lock file differs from its images file.
 * - `missing`: an image has no pin on a cloud.
 * - `unwanted`: a pin belongs to no requirement.
 * - `outdated`: the requirement has changed since the pin was created.
 * - `denied`: the pinned image must not be used.
 * - `format`: the file is not in the format that imago writes.
 */
export type LockFinding =
  | { readonly kind: 'missing'; readonly image: string; readonly on: string }
  | { readonly kind: 'unwanted' | 'outdated' | 'denied'; readonly pin: Pin }
  | { readonly kind: 'format' }

/** Compares a lock file with its images file, without a request to any cloud. Empty: no difference was found. */
export const checkLock = ({ images, deny }: WantedImages, lock: Lock, text: string): readonly LockFinding[] => {
  const findWanted = (pin: Pin) => images.find(({ name, on }) => name === pin.image && on.includes(pin.on))
  const missing = images.flatMap(({ name, on }) =>
    on
      .filter((cloud) => !lock.pins.some((pin) => pin.image === name && pin.on === cloud))
      .map((cloud): LockFinding => ({ kind: 'missing', image: name, on: cloud })),
  )
  const ofPins = lock.pins.flatMap((pin): readonly LockFinding[] => {
    const wanted = findWanted(pin)
    if (wanted === undefined) return [{ kind: 'unwanted', pin }]
    const { requirement } = wanted
    const isOutdated = pin.want !== printWant(requirement.want) || pin.where !== printWhere(requirement)
    return [
      ...(isOutdated ? [{ kind: 'outdated', pin } as const] : []),
      ...(isDenied(deny, pin) ? [{ kind: 'denied', pin } as const] : []),
    ]
  })
  return [...missing, ...ofPins, ...(isCanonical(text, lock) ? [] : [{ kind: 'format' } as const])]
}

/** The pin of an image on a cloud: by the cloud's name in the images file, or its full name. */
export const findPins = ({ pins }: Lock, image: string, cloud: string): readonly Pin[] =>
  pins.filter((pin) => pin.image === image && (pin.on === cloud || pinKey(pin) === `${image} ${cloud}`))
