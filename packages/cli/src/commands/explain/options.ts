import { flag, text, type OptionsOf } from '../../command-line/option.ts'
import { inputOptions } from '../../options/input.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { archOption } from '../../options/selection.ts'

export const options = {
  id: text('<id>', 'explain only the image with this ID'),
  field: text('<name>', 'explain only this field (imago fields lists them)'),
  ...archOption,
  ...inputOptions,
  ...liveOptions,
  ...rowOptions,
  showSecrets: flag('include the credentials in URLs'),
}

export type ExplainOptions = OptionsOf<typeof options>
