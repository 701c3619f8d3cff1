import { cloudKey, type LockTarget, type Wishes } from '@imago/lock'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import type { LiveContext } from '../live.ts'
import { Problem } from '../problem.ts'
import { resolveTargets } from '../resolve-image.ts'

/** Wishes with their clouds resolved. */
export interface ResolvedWishes {
  readonly targets: readonly LockTarget[]
  /** By `cloudKey`. */
  readonly clouds: ReadonlyMap<string, ProviderCloud>
}

/** Resolves the clouds of wishes, each in all of its regions. An unknown cloud, or one that a wish names twice, ends the command. */
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
