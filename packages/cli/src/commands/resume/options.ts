import { flag, type OptionsOf } from '../../command-line/option.ts'
import { runOptions, urlOption } from '../../options/transfer.ts'

export const options = {
  list: flag('list unfinished runs instead of resuming them'),
  all: flag('with --list, include finished runs'),
  discard: flag('discard the named runs and their staged data', { conflicts: 'list' }),
  ...urlOption,
  ...runOptions,
}

export type ResumeOptions = OptionsOf<typeof options>
