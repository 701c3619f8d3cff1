import { flag, text, type OptionsOf } from '../command-line/option.ts'

/** The options of a command that asks clouds, and has a `--timeout` of its own for what it waits for. */
export const connectionOptions = {
  trustDirectory: flag('combine a clouds.yaml of this directory with secrets from elsewhere'),
  debug: flag('print each request on standard error, without secrets (also IMAGO_DEBUG=1)'),
}

/** The options of every other command that asks clouds. */
export const liveOptions = {
  timeout: text('<time>', 'give up after this long: 90s, 10m, 2h (default: no limit)'),
  ...connectionOptions,
}

export type LiveOptions = OptionsOf<typeof liveOptions>
