import type { InterceptedRequest } from '@imago/http'
import type { ExitCode } from './exit-code.ts'
import type { LiveContext, LiveOptions } from './live.ts'
import { createOutput, createMessages } from './output/stream.ts'
import { VERSION } from './version.ts'

/** What a live command is run with. */
export interface RunLiveCommand {
  readonly options: LiveOptions
  /** Is given what would change something, in place of the cloud (`--dry-run`). */
  readonly intercept?: (request: InterceptedRequest) => void
}

/** Runs a live command on this process. Only here is the HTTP stack loaded: `--help` and offline commands do without. */
export const runLiveCommand = async (
  { options, intercept }: RunLiveCommand,
  work: (live: LiveContext) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const { runLive } = await import('./connect/run-live.ts')
  return runLive(
    process,
    {
      ...options,
      version: VERSION,
      output: createOutput(process.stdout),
      messages: createMessages(process.stderr),
      intercept,
      reportsWaits: true,
    },
    work,
  )
}
