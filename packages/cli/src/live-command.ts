import { Option, type Command } from 'commander'
import type { HeldRequest } from '@imago/http'
import type { ExitCode } from './exit-code.ts'
import type { LiveContext, LiveOptions } from './live.ts'
import { createOutput, createTalk } from './output/stream.ts'
import { VERSION } from './version.ts'

/** Adds the options of every command that asks clouds. */
export const withLiveOptions = (command: Command): Command =>
  withConnectionOptions(command).addOption(new Option('--timeout <time>', 'give up after this long: 90s, 10m, 2h (default: no limit)'))

/** The same, for a command that has a `--timeout` of its own for what it waits for. */
export const withConnectionOptions = (command: Command): Command =>
  command
    .addOption(new Option('--trust-directory', 'combine a clouds.yaml of this directory with secrets from elsewhere'))
    .addOption(new Option('--debug', 'tell of each request on standard error, without secrets (also IMAGO_DEBUG=1)'))

/** What a live command is run with. */
export interface RunLiveCommand {
  readonly options: LiveOptions
  /** Is given what would change something, in place of the cloud (`--dry-run`). */
  readonly hold?: (request: HeldRequest) => void
}

/** Runs a live command on this process. Only here is the HTTP stack loaded: `--help` and offline commands do without. */
export const runLiveCommand = async ({ options, hold }: RunLiveCommand, work: (live: LiveContext) => Promise<ExitCode>): Promise<ExitCode> => {
  const { runLive } = await import('./connect/run-live.ts')
  return runLive(process, { ...options, version: VERSION, output: createOutput(process.stdout), talk: createTalk(process.stderr), hold, tellsWaits: true }, work)
}
