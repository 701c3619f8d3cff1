import type { InterceptedRequest } from '@imago/http'
import type { ExitCode } from '../exit-code.ts'
import { runLiveCommand } from '../live-command.ts'
import type { LiveContext, LiveOptions } from '../live.ts'

/** The environment of a command that changes images. */
export interface WriteContext extends LiveContext {
  /** Returns the requests that a dry run intercepted since the last call; `null`: not a dry run. */
  readonly takeHeld: (() => readonly InterceptedRequest[]) | null
}

/** The options of every command that changes images. */
export interface WriteOptions extends LiveOptions {
  /** Show the requests that would be sent, and change nothing. */
  readonly dryRun?: boolean | undefined
}

/** Runs a command that changes images. */
export const runWriteCommand = (
  options: WriteOptions,
  work: (context: WriteContext) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const held: InterceptedRequest[] = []
  const isDry = options.dryRun === true
  return runLiveCommand(
    { options, ...(isDry ? { intercept: (request: InterceptedRequest) => void held.push(request) } : {}) },
    (live) => work({ ...live, takeHeld: isDry ? () => held.splice(0) : null }),
  )
}
