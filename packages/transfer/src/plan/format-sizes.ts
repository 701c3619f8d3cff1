import { formatSize } from '@imago/core'

/** Human-readable sizes; in bytes if different sizes would look the same. */
export const formatSizes = (...bytes: readonly number[]): readonly string[] => {
  const texts = bytes.map(formatSize)
  return new Set(texts).size === new Set(bytes).size ? texts : bytes.map((count) => `${count} bytes`)
}
