import type { InterceptedRequest } from '@imago/http'
import type { ExitCode } from '../exit-code.ts'
import { runLiveCommand } from '../live-command.ts'
import type { LiveContext, LiveOptions } from '../live.ts'

/** All that a command which changes images may touch. */
export interface WriteContext extends LiveContext {
  /** What a dry run held back since it was last asked. `null`: this is no dry run. */
  readonly takeHeld: (() => readonly InterceptedRequest[]) | null
}

/** The options of every command that changes images. */
export interface WriteOptions extends LiveOptions {
  /** Show what would be sent, and change nothing. */
  readonly dryRun?: boolean | undefined
}

/** Runs a command that changes images on this process. */
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
