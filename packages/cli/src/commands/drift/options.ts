import type { OptionsOf } from '../../command-line/option.ts'
import { providerOption } from '../../options/input.ts'
import { rowOptions } from '../../options/output.ts'

export const options = { ...providerOption, ...rowOptions }

export type DriftOptions = OptionsOf<typeof options>
