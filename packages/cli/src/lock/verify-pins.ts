import type { Period } from '@imago/core'
import { cloudKey, verifyPin, type Pin, type PinState } from '@imago/lock'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { LiveContext } from '../live.ts'
import { errorToExitCode, formatReasonLine } from '../live-problem.ts'
import { Problem } from '../problem.ts'
import { openSource, resolveTarget } from '../resolve-image.ts'
import { isoNow } from './now.ts'

/** The state of a pinned image; `unverified`: it could not be read. */
export type Verified = PinState | { readonly state: 'unverified'; readonly reason: string }

/** A pin, and the state of its image. */
export interface VerifiedPin {
  readonly pin: Pin
  readonly result: Verified
  /** The exit code of the error because of which it is unverified; otherwise 0. */
  readonly failure: ExitCode
}

/** The maximum number of concurrent requests to all clouds. */
const CONCURRENCY = 8

const verifyOne = async (live: LiveContext, pin: Pin, now: string, within: Period | null): Promise<VerifiedPin> => {
  const unverified = (reason: string, failure: ExitCode): VerifiedPin => ({
    pin,
    result: { state: 'unverified', reason },
    failure,
  })
  try {
    const source = await openSource(live, resolveTarget(live, cloudKey(pin)))
    const { immutableKinds = [] } = source.capabilities
    const image = await source.get(pin.id, { signal: live.signal })()
    if (E.isLeft(image) && image.left._tag !== 'NotFound')
      return unverified(formatReasonLine(image.left), errorToExitCode(image.left))
    const found = E.isRight(image) ? image.right : null
    return { pin, result: verifyPin(pin, found, { now, within, immutableKinds }), failure: EXIT.done }
  } catch (error) {
    if (error instanceof Problem) return unverified(error.message, error.exitCode)
    throw error
  }
}

/** Compares pinned images with their current state. Requests each by its ID, without listing images. */
export const verifyPins = async (
  live: LiveContext,
  pins: readonly Pin[],
  within: Period | null,
): Promise<readonly VerifiedPin[]> => {
  const now = isoNow(live)
  const verified: VerifiedPin[] = []
  const waiting = [...pins.entries()]
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, pin] = next
      verified[index] = await verifyOne(live, pin, now, within)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
  return verified
}
