import type { OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { archOption } from '../../options/selection.ts'

export const options = { ...archOption, ...liveOptions, ...rowOptions }

export type OperationsOptions = OptionsOf<typeof options>
