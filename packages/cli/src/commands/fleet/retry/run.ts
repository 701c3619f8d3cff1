import { changeTransfers } from '../../../fleet/change-transfers.ts'
import type { FleetProcess } from '../../../fleet/open-fleet.ts'
import type { ExitCode } from '../../../exit-code.ts'
import type { Output } from '../../../output/stream.ts'
import type { RetryOptions } from './options.ts'

/** `imago fleet retry`: queue failed and cancelled transfers again. */
export const retry = (
  runs: readonly string[],
  options: RetryOptions,
  process: FleetProcess,
  outputs: { readonly output: Output; readonly messages: Output },
): Promise<ExitCode> =>
  changeTransfers('retry', runs, options, process, outputs, (changed, others) =>
    others === 0 ? `${changed} queued again` : `${changed} queued again; ${others} not failed or cancelled`,
  )
