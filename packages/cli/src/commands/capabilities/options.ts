import { flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { documentedRowOptions } from '../../options/output.ts'

export const options = {
  probe: flag('ask the clouds what they allow these credentials'),
  ...liveOptions,
  ...documentedRowOptions,
}

export type CapabilitiesOptions = OptionsOf<typeof options>
