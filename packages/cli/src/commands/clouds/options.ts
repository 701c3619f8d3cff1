import { flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'

export const options = {
  check: flag('log in to each cloud, and report whether it works'),
  ...liveOptions,
  ...rowOptions,
}

export type CloudsOptions = OptionsOf<typeof options>
