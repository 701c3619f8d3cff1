import { flag, type OptionsOf } from '../../command-line/option.ts'
import { runOptions, urlOption } from '../../options/transfer.ts'

export const options = {
  list: flag('list the runs that are not done, and resume none'),
  all: flag('list the runs that are done, too'),
  discard: flag('discard the named runs and their staged data', { conflicts: 'list' }),
  ...urlOption,
  ...runOptions,
}

export type ResumeOptions = OptionsOf<typeof options>
