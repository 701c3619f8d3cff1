import type { ImageResult } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { removeJournal } from '../journal/journal.ts'
import { openSpool } from '../spool/spool.ts'
import { TRANSFER_SITE } from './context.ts'
import { toRunError } from './file-bytes.ts'
import type { RunOptions } from './options.ts'

/**
 * Drops a run that is not to go on: what waits in the spool, and its journal. Asks no cloud: what it left there bears its id, and
 * `leftovers` of the target finds it.
 * `Conflict`: a process carries it out. `NotFound`: there is no such run.
 */
export const discardRun =
  (run: string, { journalDir, spoolDir }: Pick<RunOptions, 'journalDir' | 'spoolDir'>): ImageResult<void> =>
  async () => {
    try {
      const spool = await openSpool({ dir: spoolDir, limit: null, site: TRANSFER_SITE })
      return await removeJournal(run, { dir: journalDir, site: TRANSFER_SITE }, () => spool.remove(run))
    } catch (thrown) {
      return E.left(toRunError(TRANSFER_SITE, thrown))
    }
  }
