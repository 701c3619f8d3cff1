import { GLOBAL_HEADING } from '../command-line/headings.ts'
import { flag, grouped, text, type OptionsOf } from '../command-line/option.ts'

/** The options of a command that connects to clouds and has its own `--timeout`. */
export const connectionOptions = grouped(GLOBAL_HEADING, {
  trustDirectory: flag('let the clouds.yaml of the current directory use secrets from other files'),
  debug: flag('print each request to standard error, without secrets (also IMAGO_DEBUG=1)'),
})

/** The options of every other command that connects to clouds. */
export const liveOptions = {
  ...grouped(GLOBAL_HEADING, {
    timeout: text('<time>', 'give up after this time: 90s, 10m, 2h (default: no limit)'),
  }),
  ...connectionOptions,
}

export type LiveOptions = OptionsOf<typeof liveOptions>
