import { ABORTED, raceAbort, type AbortSignalLike } from '@imago/core/provider'
import type { Timing } from '@imago/http'

/** Sleeps; `false`: aborted. */
export const pause = async (
  ms: number,
  { sleep }: Pick<Timing, 'sleep'>,
  signal: AbortSignalLike | undefined,
): Promise<boolean> => (await raceAbort(sleep(ms, signal), signal)) !== ABORTED && signal?.aborted !== true
