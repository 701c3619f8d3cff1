import type { InterceptedRequest } from '@imago/http'
import type { ExitCode } from './exit-code.ts'
import type { LiveContext, LiveOptions } from './live.ts'
import { createOutput, createMessages } from './output/stream.ts'
import { VERSION } from './version.ts'

/** The options of a live command's run. */
export interface RunLiveCommand {
  readonly options: LiveOptions
  /** Receives requests that would change something, in place of the cloud (`--dry-run`). */
  readonly intercept?: (request: InterceptedRequest) => void
}

/** Runs a live command in this process. Loads the HTTP stack, which `--help` and offline commands do not need. */
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
