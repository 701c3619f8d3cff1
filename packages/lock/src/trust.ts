import type { Image } from '@imago/core'

/**
 * The owners whose images are trusted.
 * - `provider`: public images of a provider whose images have no owner, so that only the provider can publish them. For providers
 *   whose images have owners, name the owner, because other users may publish, too.
 * - `self`: images of the project of the credentials.
 * - `owner:ID`: images of that project.
 */
export type Trust = 'provider' | 'self' | `owner:${string}`

/** The forms of `Trust`, for help and error messages. */
export const TRUST_FORMS = 'provider, self or owner:PROJECT-ID'

/** The trust of a requirement that states none. */
export const DEFAULT_TRUST: readonly Trust[] = ['provider', 'self']

/** Whether a text has one of the forms of `Trust`. */
export const isTrust = (text: string): text is Trust =>
  text === 'provider' || text === 'self' || /^owner:[^\s,]{1,255}$/.test(text)

/**
 * The project of the credentials. `null`: they have none. `undefined`: the provider's images have no owner, because each account sees only its own and
 * the provider's.
 */
export type OwnProject = string | null | undefined

const isOwn = ({ owner, visibility }: Image, project: OwnProject): boolean =>
  project === undefined ? visibility === 'private' : project !== null && owner === project

/** Whether one of `trust` covers the image. Community images of others are never trusted: any user of the cloud publishes them, under any name. */
export const isTrusted = (image: Image, trust: readonly Trust[], project: OwnProject): boolean => {
  if (image.visibility === 'community' && !isOwn(image, project)) return false
  return trust.some((one) => {
    switch (one) {
      case 'provider':
        return project === undefined && image.visibility === 'public'
      case 'self':
        return isOwn(image, project)
      default:
        return image.owner !== null && one === `owner:${image.owner}`
    }
  })
}
