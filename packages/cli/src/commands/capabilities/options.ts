import { flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { documentedRowOptions } from '../../options/output.ts'

export const options = {
  probe: flag('check which operations the credentials may perform'),
  ...liveOptions,
  ...documentedRowOptions,
}

export type CapabilitiesOptions = OptionsOf<typeof options>
