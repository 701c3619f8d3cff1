import type { Visibility } from '@imago/core'

/** What is set after the image was verified: until then nobody else sees it, and it can be removed. */
export interface FinalSettings {
  readonly visibility: Exclude<Visibility, 'unknown'> | null
  readonly protect: boolean
  readonly hide: boolean
}
