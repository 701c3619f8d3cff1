import { required, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { imageOptions } from '../../options/output.ts'
import { overrideOptions, renamedOverrides } from '../../options/overrides.ts'
import { dryRunOption } from '../../options/writing.ts'

export const options = {
  ...overrideOptions(
    'New image:',
    ['setDescription', 'setArch', 'setVisibility', 'setLabel', 'setTag', 'setProperty', 'minDisk', 'minRam'],
    {
      diskFormat: required(text('<format>', 'set the disk format: qcow2, raw, vmdk …')),
      containerFormat: text('<format>', 'set the container format (default: bare)'),
    },
  ),
  ...renamedOverrides(['setDescription', 'setArch', 'setVisibility', 'setLabel', 'setTag', 'setProperty']),
  ...dryRunOption,
  ...liveOptions,
  ...imageOptions,
}

export type CreateOptions = OptionsOf<typeof options>
