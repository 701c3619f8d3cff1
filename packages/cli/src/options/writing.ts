import { flag, preset, text, type OptionsOf } from '../command-line/option.ts'

/** The option of every command that changes images. */
export const dryRunOption = { dryRun: flag('show what would be done, and change nothing') }

/** The options of every command that waits for an operation. */
export const waitOptions = {
  timeout: preset(text('<time>', 'give up after this time: 90s, 10m, 2h'), '60m'),
  interval: preset(text('<time>', 'check again after this time'), '2s'),
}

export type WaitOptions = OptionsOf<typeof waitOptions>
