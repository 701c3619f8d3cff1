import { cloudKey, type LockTarget, type Wishes } from '@imago/lock'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import type { LiveContext } from '../live.ts'
import { Problem } from '../problem.ts'
import { resolveTargets } from '../resolve-image.ts'

/** The wishes on the clouds that they name. */
export interface ResolvedWishes {
  readonly targets: readonly LockTarget[]
  /** By `cloudKey`. */
  readonly clouds: ReadonlyMap<string, ProviderCloud>
}

/** Finds the clouds that wishes name, each in all of its regions. A name that is nobody's, or a cloud that a wish names twice, ends the command. */
export const resolveWishes = (
  { images }: Wishes,
  live: Pick<LiveContext, 'discovered' | 'providers'>,
): ResolvedWishes => {
  const clouds = new Map<string, ProviderCloud>()
  const targets = images.flatMap(({ name: image, on, wish }) => {
    const named = new Map<string, string>()
    return on.flatMap((text) =>
      resolveTargets(live, text).map((cloud): LockTarget => {
        const identity = toIdentity(cloud)
        const key = cloudKey(identity)
        const other = named.get(key)
        if (other !== undefined) throw new Problem(`${image}: ${other} and ${text} are the same cloud. Remove one`)
        named.set(key, text)
        clouds.set(key, cloud)
        return { image, on: text, wish, cloud: identity }
      }),
    )
  })
  return { targets, clouds }
}
