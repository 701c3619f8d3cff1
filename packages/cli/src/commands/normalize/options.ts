import { flag, text, type OptionsOf } from '../../command-line/option.ts'
import { inputOptions } from '../../options/input.ts'
import { imageOptions } from '../../options/output.ts'

export const options = {
  ...inputOptions,
  strict: flag('reject records with unknown values, unknown keys or wrong types'),
  drift: text('<file>', 'write a drift report to this file, and exit with 4 if it has entries'),
  ...imageOptions,
  evidence: flag('show the evidence of each field; tables mark inferred (~) and assumed (?)'),
}

export type NormalizeOptions = OptionsOf<typeof options>
