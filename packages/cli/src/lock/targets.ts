import { cloudKey, type LockTarget, type WantedImages } from '@imago/lock'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import type { LiveContext } from '../live.ts'
import { Problem } from '../problem.ts'
import { resolveTargets } from '../resolve-image.ts'

/** WantedImages with their clouds resolved. */
export interface ResolvedTargets {
  readonly targets: readonly LockTarget[]
  /** By `cloudKey`. */
  readonly clouds: ReadonlyMap<string, ProviderCloud>
}

/** Resolves the clouds of the wanted images, each in all of its regions. An unknown cloud, or one that an entry names twice, ends the command. */
export const resolveWantedTargets = (
  { images }: WantedImages,
  live: Pick<LiveContext, 'discovered' | 'providers'>,
): ResolvedTargets => {
  const clouds = new Map<string, ProviderCloud>()
  const targets = images.flatMap(({ name: image, on, requirement }) => {
    const named = new Map<string, string>()
    return on.flatMap((text) =>
      resolveTargets(live, text).map((cloud): LockTarget => {
        const identity = toIdentity(cloud)
        const key = cloudKey(identity)
        const other = named.get(key)
        if (other !== undefined) throw new Problem(`${image}: ${other} and ${text} are the same cloud. Remove one`)
        named.set(key, text)
        clouds.set(key, cloud)
        return { image, on: text, requirement, cloud: identity }
      }),
    )
  })
  return { targets, clouds }
}
