import type { ImageResult } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { toJournalStore } from '../journal/file-journals.ts'
import { openSpool } from '../spool/spool.ts'
import { TRANSFER_SITE } from './context.ts'
import { toRunError } from './file-bytes.ts'
import type { RunOptions } from './options.ts'

/**
 * Discards a run: deletes its staged files and its journal. Sends no request: resources that it left at the target have its run tag, and
 * `orphans` of the target lists them.
 * `Conflict`: the run is in progress. `NotFound`: no such run.
 */
export const discardRun =
  (run: string, { journals, spoolDir }: Pick<RunOptions, 'journals' | 'spoolDir'>): ImageResult<void> =>
  async () => {
    try {
      const spool = await openSpool({ dir: spoolDir, limit: null, site: TRANSFER_SITE })
      return await toJournalStore(journals).delete(run, () => spool.remove(run))
    } catch (thrown) {
      return E.left(toRunError(TRANSFER_SITE, thrown))
    }
  }
