const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** Formats a number of bytes for people: `1.5 GiB`. */
export const formatSize = (bytes: number): string => {
  let amount = bytes
  let unit = 0
  while (amount >= 1024 && unit < UNITS.length - 1) {
    amount /= 1024
    unit++
  }
  const digits = unit === 0 || amount >= 100 ? 0 : 1
  return `${amount.toFixed(digits)} ${UNITS[unit] ?? 'B'}`
}

/** Sizes for people; in bytes if different sizes would look the same. */
export const formatSizes = (...bytes: readonly number[]): readonly string[] => {
  const texts = bytes.map(formatSize)
  return new Set(texts).size === new Set(bytes).size ? texts : bytes.map((count) => `${count} bytes`)
}
