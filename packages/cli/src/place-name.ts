import type { CloudIdentity, ImageRef } from '@imago/core'

/** `provider/cloud@region`, as a user may type it: exact, whatever else is configured. */
export const nameOf = ({ provider, cloud, region }: CloudIdentity): string => `${provider}/${cloud ?? ''}${region === null ? '' : `@${region}`}`

/** `provider/cloud@region:id:…`, as a user may type it to mean this image and no other. */
export const placeOf = (ref: ImageRef): string => `${nameOf(ref)}:id:${ref.id}`
