const SECONDS_LENGTH = '2026-01-31T12:00:00'.length

/** An instant with exactly three digits of milliseconds, so that a column aligns. Returns instants without a Z unchanged. */
export const withMilliseconds = (instant: string): string => {
  if (!instant.endsWith('Z')) return instant
  const fraction = instant.slice(SECONDS_LENGTH + 1, -1)
  return `${instant.slice(0, SECONDS_LENGTH)}.${fraction.slice(0, 3).padEnd(3, '0')}Z`
}
