import { flag, type OptionsOf } from '../../command-line/option.ts'
import { runOptions, urlOption } from '../../options/transfer.ts'

export const options = {
  list: flag('only list the runs that are not done'),
  all: flag('with --list: those that are done, too'),
  forget: flag('discard the named runs, and what is staged of them', { conflicts: 'list' }),
  ...urlOption,
  ...runOptions,
}

export type ResumeOptions = OptionsOf<typeof options>
