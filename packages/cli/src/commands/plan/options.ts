import type { OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { fieldsOption, planningOptions } from '../../options/transfer.ts'

export const options = { ...planningOptions, ...fieldsOption, ...liveOptions, ...rowOptions }

export type PlanOptions = OptionsOf<typeof options>
