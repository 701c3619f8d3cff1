const SECONDS_LENGTH = '2026-01-31T12:00:00'.length

/** An instant with three digits of milliseconds, whatever it had: all of a column are equally long. Without a Z at the end it stays as it is. */
export const withMilliseconds = (instant: string): string => {
  if (!instant.endsWith('Z')) return instant
  const fraction = instant.slice(SECONDS_LENGTH + 1, -1)
  return `${instant.slice(0, SECONDS_LENGTH)}.${fraction.slice(0, 3).padEnd(3, '0')}Z`
}
