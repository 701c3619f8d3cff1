import { flag, text, type OptionsOf } from '../command-line/option.ts'

/** The options of a command that connects to clouds and has its own `--timeout`. */
export const connectionOptions = {
  trustDirectory: flag('combine the clouds.yaml of this directory with secrets from elsewhere'),
  debug: flag('print each request to standard error, without secrets (also IMAGO_DEBUG=1)'),
}

/** The options of every other command that connects to clouds. */
export const liveOptions = {
  timeout: text('<time>', 'give up after this time: 90s, 10m, 2h (default: no limit)'),
  ...connectionOptions,
}

export type LiveOptions = OptionsOf<typeof liveOptions>
