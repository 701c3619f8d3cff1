import { required, text, type OptionsOf } from '../../command-line/option.ts'
import { lockedOptions } from '../../options/lock.ts'
import { archOption } from '../../options/selection.ts'
import { digestOptions, runOptions } from '../../options/transfer.ts'

export const options = {
  file: required(text('<file>', 'write the data to this file', { short: 'O' })),
  ...archOption,
  ...lockedOptions,
  diskFormat: text('<format>', 'convert to this disk format with qemu-img'),
  ...digestOptions,
  ...runOptions,
}

export type DownloadOptions = OptionsOf<typeof options>
