import type { OptionsOf } from '../../command-line/option.ts'
import { fieldsOption, runOptions, urlOption } from '../../options/transfer.ts'

export const options = { ...urlOption, ...fieldsOption, ...runOptions }

export type ApplyOptions = OptionsOf<typeof options>
