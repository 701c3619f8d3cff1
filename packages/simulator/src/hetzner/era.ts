/** https://docs.hetzner.cloud/changelog#2026-06-02-datacenters-deprecated: gone since October 2026. */
export const DATACENTERS_REMOVED = 'https://docs.hetzner.cloud/changelog#2026-06-02-datacenters-deprecated'

/**
 * Which shapes the API sends. `2026`: after 2 November 2026, `deprecation` and no `deprecated`
 * (https://docs.hetzner.cloud/changelog#2026-09-08-removing-the-deprecated-field). Nothing is said of data centers any more (#2026-07-01-removing-datacenters), and a token that may only read is `forbidden` to write.
 * `2024`: `deprecated` only, and dates that end in `+00:00`.
 */
export type Era = '2024' | '2026'

/** RFC 3339 with seconds, as the era writes it. */
export const toInstant = (ms: number, era: Era): string =>
  `${new Date(ms).toISOString().slice(0, 19)}${era === '2024' ? '+00:00' : 'Z'}`

export interface Deprecation {
  /** Milliseconds since 1970, as the other one. */
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
