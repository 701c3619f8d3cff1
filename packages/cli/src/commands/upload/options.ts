import type { OptionsOf } from '../../command-line/option.ts'
import { renamedOverrides } from '../../options/overrides.ts'
import { digestOptions, newImageOptions, runOptions, sourceOptions } from '../../options/transfer.ts'

export const options = {
  ...sourceOptions,
  ...digestOptions,
  ...newImageOptions,
  ...renamedOverrides(['setName', 'setDescription', 'setArch', 'setVisibility', 'setLabel', 'setTag', 'setProperty']),
  ...runOptions,
}

export type UploadOptions = OptionsOf<typeof options>
