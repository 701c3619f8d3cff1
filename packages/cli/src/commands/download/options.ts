import { required, text, type OptionsOf } from '../../command-line/option.ts'
import { archOption } from '../../options/selection.ts'
import { digestOptions, runOptions } from '../../options/transfer.ts'

export const options = {
  file: required(text('<file>', 'the file to write', { short: 'O' })),
  ...archOption,
  diskFormat: text('<format>', 'disk format of the file; converted by qemu-img'),
  ...digestOptions,
  ...runOptions,
}

export type DownloadOptions = OptionsOf<typeof options>
