import { dateToInstant } from '@imago/codec'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }

/** Whole seconds, as instants are spelled. */
const spelled = (ms: number): string => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z')

/**
 * The instant that an age or a date means: `30d`, `12h`, `2026-01-31`, `2026-01-31T12:00:00Z`.
 * @param now Milliseconds since the epoch.
 */
export const parseAge = (option: string, text: string, now: number): string => {
  const [, amount, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? []
  const instant =
    amount === undefined ? dateToInstant(text) : spelled(now - Number(amount) * (UNIT_MS[unit ?? ''] ?? 0))
  if (instant === undefined)
    throw new Problem(
      `${option}: ${text} is neither an age (90m, 12h, 30d, 8w) nor a date (2026-01-31, 2026-01-31T12:00:00Z)`,
      EXIT.usage,
    )
  return instant
}
