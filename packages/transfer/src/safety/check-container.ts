import { unsafeImage, type ErrorSite, type ImageError } from '@imago/core'
import { isInContainer, type Inspection } from '@imago/inspect'
import { describeFormat, type AllowableCheck } from './check-safety.ts'

/**
 * Why bytes are not in the container (`ova`, `docker`, `compressed`) that their record declares; `null`: they are, or `not-a-disk` is allowed.
 * The disk inside is not inspected: such an image is transferred as it is, and nothing opens it.
 */
export const checkContainer = (
  site: ErrorSite,
  container: string,
  { inspection }: { readonly inspection: Inspection },
  allow: readonly AllowableCheck[] = [],
): ImageError | null => {
  if (isInContainer(inspection, container) || allow.includes('not-a-disk')) return null
  return unsafeImage(site, {
    check: 'format_mismatch',
    what: `the image's container format is ${container}, but its bytes are ${inspection.content?.title ?? describeFormat(inspection.format)}`,
    hint: 'Correct the container_format of the source, or leave the image out',
  })
}
