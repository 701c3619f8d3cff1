import { list, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { archOption } from '../../options/selection.ts'
import { dryRunOption } from '../../options/writing.ts'

/** Of the commands of whom an image is shared with. */
export const memberOptions = { ...archOption, ...dryRunOption, ...liveOptions, ...rowOptions }

/** Of the commands of whose image it is. */
export const options = { with: list('<project>', 'a project, by ID or name (repeatable)'), ...memberOptions }

export type ShareOptions = OptionsOf<typeof options>
