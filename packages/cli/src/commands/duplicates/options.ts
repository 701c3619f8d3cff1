import { type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = { ...selectionOptions, ...usageOptions, ...liveOptions, ...rowOptions }

export type DuplicatesOptions = OptionsOf<typeof options>
