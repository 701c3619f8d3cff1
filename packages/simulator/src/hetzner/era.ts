/** https://docs.hetzner.cloud/changelog#2026-06-02-datacenters-deprecated: removed since October 2026. */
export const DATACENTERS_REMOVED = 'https://docs.hetzner.cloud/changelog#2026-06-02-datacenters-deprecated'

/**
 * The version of the API. `2026`: after 2 November 2026, with `deprecation` instead of `deprecated`
 * (https://docs.hetzner.cloud/changelog#2026-09-08-removing-the-deprecated-field), without data centers (#2026-07-01-removing-datacenters), and with
 * `forbidden` for writes by a read-only token. `2024`: `deprecated` only, and dates that end in `+00:00`.
 */
export type Era = '2024' | '2026'

/** Formats RFC 3339 with seconds, in the format of the era. */
export const toInstant = (ms: number, era: Era): string =>
  `${new Date(ms).toISOString().slice(0, 19)}${era === '2024' ? '+00:00' : 'Z'}`

export interface Deprecation {
  /** Milliseconds since 1970, like the next one. */
  readonly announced: number
  readonly unavailableAfter: number
}

export const toWireDeprecation = (
  deprecation: Deprecation | null,
  era: Era,
): { readonly announced: string; readonly unavailable_after: string } | null =>
  deprecation === null
    ? null
    : {
        announced: toInstant(deprecation.announced, era),
        unavailable_after: toInstant(deprecation.unavailableAfter, era),
      }
