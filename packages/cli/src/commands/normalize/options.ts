import { flag, text, type OptionsOf } from '../../command-line/option.ts'
import { inputOptions } from '../../options/input.ts'
import { imageOptions } from '../../options/output.ts'

export const options = {
  ...inputOptions,
  strict: flag('reject records that have something unexpected'),
  drift: text('<file>', 'write what was unexpected to a file, and exit with 4 if there was any'),
  ...imageOptions,
  evidence: flag('mark how far each field can be relied on'),
}

export type NormalizeOptions = OptionsOf<typeof options>
