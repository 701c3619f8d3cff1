import type { Inspection } from './inspection.ts'

/** Content IDs that a container format of Glance may hold. A Docker image is a tar archive, which may be compressed. */
const CONTENT_IDS: Readonly<Record<string, readonly string[]>> = {
  ova: ['ova', 'tar'],
  docker: ['tar', 'gzip', 'xz', 'zstd', 'bzip2'],
}

/**
 * Whether bytes are in a container of this format. Of a format without known contents, such as `compressed`, any archive or compressed bytes are.
 * @param container a `container_format` of Glance other than `bare`.
 */
export const isInContainer = ({ content }: Inspection, container: string): boolean => {
  if (content === undefined) return false
  const ids = Object.hasOwn(CONTENT_IDS, container) ? CONTENT_IDS[container] : undefined
  return ids === undefined ? content.kind === 'compressed' || content.kind === 'archive' : ids.includes(content.id)
}
