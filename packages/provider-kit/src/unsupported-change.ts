import type { ImageChanges } from '@imago/core'

/** The first change that is asked for and not among the `supported`; `null`: there is none. */
export const findUnsupportedChange = (
  changes: ImageChanges,
  supported: readonly (keyof ImageChanges)[],
): string | null =>
  Object.entries(changes).find(
    ([field, value]) => value !== undefined && !(supported as readonly string[]).includes(field),
  )?.[0] ?? null
