import { flag, preset, text, type OptionsOf } from '../command-line/option.ts'

/** The option of every command that changes images. */
export const dryRunOption = { dryRun: flag('show what would be sent, and change nothing') }

/** The options of every command that waits for what it began. */
export const waitOptions = {
  timeout: preset(text('<time>', 'how long to wait: 90s, 10m, 2h'), '60m'),
  interval: preset(text('<time>', 'time between two checks'), '2s'),
}

export type WaitOptions = OptionsOf<typeof waitOptions>
