import type { OptionsOf } from '../../command-line/option.ts'
import { connectionOptions } from '../../options/live.ts'
import { imageOptions } from '../../options/output.ts'
import { archOption } from '../../options/selection.ts'
import { waitOptions } from '../../options/writing.ts'

export const options = { ...waitOptions, ...archOption, ...connectionOptions, ...imageOptions }

export type WaitCommandOptions = OptionsOf<typeof options>
