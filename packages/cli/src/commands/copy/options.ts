import type { OptionsOf } from '../../command-line/option.ts'
import { fieldsOption, planningOptions, runOptions } from '../../options/transfer.ts'

export const options = { ...planningOptions, ...runOptions, ...fieldsOption }

export type CopyOptions = OptionsOf<typeof options>
