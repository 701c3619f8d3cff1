import { text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { lockFileOption } from '../../options/lock.ts'
import { rowOptions } from '../../options/output.ts'

export const options = {
  ...lockFileOption,
  within: text('<time>', 'report images that the provider withdraws within this time: 30d, 8w, 6mo'),
  ...liveOptions,
  ...rowOptions,
}

export type VerifyOptions = OptionsOf<typeof options>
