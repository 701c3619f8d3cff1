import { unsafeImage, type ErrorSite, type ImageError } from '@imago/core'
import type { AllowableCheck } from './unsafety.ts'
import type { Inspection } from '@imago/inspect'

/** What a container of Glance's is, by the ids of contents. A layer of Docker may be compressed. */
const CONTENTS: Readonly<Record<string, readonly string[]>> = { ova: ['ova', 'tar'], docker: ['tar', 'gzip', 'xz', 'zstd', 'bzip2'] }

/**
 * Why bytes are not the container (`ova`, `docker`, `compressed`) that their record says, or `null`: what is in it is not looked at, and nothing opens it.
 * Where `not-a-disk` is allowed, its user knows what it is.
 */
export const judgeContainer = (site: ErrorSite, container: string, { inspection }: { readonly inspection: Inspection }, allow: readonly AllowableCheck[] = []): ImageError | null => {
  const { content, format } = inspection
  const expected = CONTENTS[container]
  const isIt = content !== undefined && (expected === undefined ? content.kind === 'compressed' || content.kind === 'archive' : expected.includes(content.id))
  if (isIt || allow.includes('not-a-disk')) return null
  return unsafeImage(site, {
    check: 'format_mismatch',
    what: `the image is said to be in a container (${container}), and its bytes are ${content?.title ?? format}`,
    hint: 'Correct the container_format of the source, or leave the image out',
  })
}
