import { unsupported, type ErrorSite, type ImageChanges, type ImageError } from '@imago/core/provider'

/** Returns the error of the first requested change that the provider (`title`) does not support; `null`: all are supported. */
export const refuseUnsupportedChange = (
  site: ErrorSite,
  title: string,
  changes: ImageChanges,
  supported: readonly (keyof ImageChanges)[],
): ImageError | null => {
  const entry = Object.entries(changes).find(
    ([field, value]) => value !== undefined && !(supported as readonly string[]).includes(field),
  )
  return entry === undefined
    ? null
    : unsupported(site, { what: `${title} cannot change the ${entry[0]} of an image`, capability: 'update' })
}
