import { changeTransfers } from '../../../fleet/change-transfers.ts'
import type { FleetProcess } from '../../../fleet/open-fleet.ts'
import type { ExitCode } from '../../../exit-code.ts'
import type { Output } from '../../../output/stream.ts'
import type { CancelOptions } from './options.ts'

/** `imago fleet cancel`: cancel queued and running transfers. */
export const cancel = (
  runs: readonly string[],
  options: CancelOptions,
  process: FleetProcess,
  outputs: { readonly output: Output; readonly messages: Output },
): Promise<ExitCode> =>
  changeTransfers('cancel', runs, options, process, outputs, (changed, others) =>
    others === 0 ? `${changed} cancelled` : `${changed} cancelled; ${others} not queued or running`,
  )
