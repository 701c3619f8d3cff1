import { list, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { archOption } from '../../options/selection.ts'
import { dryRunOption } from '../../options/writing.ts'

/** The options of commands for the project that an image is shared with. */
export const memberOptions = { ...archOption, ...dryRunOption, ...liveOptions, ...rowOptions }

/** The options of commands for the owner of an image. */
export const options = { with: list('<project>', 'select a project by ID or name (repeatable)'), ...memberOptions }

export type ShareOptions = OptionsOf<typeof options>
