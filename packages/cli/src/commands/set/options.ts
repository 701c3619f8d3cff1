import { choice, list, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { imageOptions } from '../../options/output.ts'
import { overrideOptions } from '../../options/overrides.ts'
import { changedImagesOptions } from '../../options/selection.ts'
import { dryRunOption } from '../../options/writing.ts'

export const options = {
  ...overrideOptions(
    'Changes:',
    ['setName', 'setDescription', 'setVisibility', 'setLabel', 'setTag', 'setProperty', 'minDisk', 'minRam'],
    {
      setKind: choice('<kind>', 'convert a backup to a snapshot; this cannot be undone', ['snapshot']),
      removeLabel: list('<key>', 'remove a label (repeatable)'),
      removeTag: list('<tag>', 'remove a tag (repeatable)'),
      removeProperty: list('<key>', 'remove a property (repeatable)'),
    },
  ),
  ...changedImagesOptions,
  ...dryRunOption,
  ...liveOptions,
  ...imageOptions,
}

export type SetOptions = OptionsOf<typeof options>
