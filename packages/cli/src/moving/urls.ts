import type { RunOptions } from '@imago/transfer'

/** Opens a URL of a plan again, where its secrets are known. */
export type OpenUrl = NonNullable<RunOptions['openUrl']>
