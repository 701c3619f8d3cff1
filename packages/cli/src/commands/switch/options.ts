import type { OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { imageOptions } from '../../options/output.ts'
import { changedImagesOptions } from '../../options/selection.ts'
import { dryRunOption } from '../../options/writing.ts'

export const options = { ...changedImagesOptions, ...dryRunOption, ...liveOptions, ...imageOptions }

export type SwitchOptions = OptionsOf<typeof options>
