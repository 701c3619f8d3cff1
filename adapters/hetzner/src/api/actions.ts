import { createRecordReader, readRecordAt } from '@imago/provider-kit/live'
import type { ImageResult, RejectedRecord } from '@imago/core/provider'
import { HetznerAction, HetznerActionEnvelope, HetznerActionPage } from '@imago/schema-hetzner'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { getAction, listActions } from '../requests/actions.ts'
import type { HetznerSession } from '../session.ts'
import { toCall, type CallOptions } from './call.ts'
import { readPage } from './page.ts'

/** Existing actions. `rejected`: records that could not be read. */
export interface FoundActions {
  readonly items: readonly HetznerAction[]
  readonly rejected: readonly RejectedRecord[]
}

/** Asynchronous work on any resource. */
export interface ActionsApi {
  /** `GET /actions/{id}`. */
  readonly get: (id: number, options?: CallOptions) => ImageResult<HetznerAction>
  /** `GET /actions?id=…`: the existing actions with these IDs. Sends one request for each 25 IDs, as hcloud-go does. */
  readonly list: (ids: readonly number[], options?: CallOptions) => ImageResult<FoundActions>
}

const AT_A_TIME = 25

export const actionsApi = ({ read }: HetznerSession): ActionsApi => {
  const readRecord = createRecordReader('hetzner', HetznerAction)
  const page = readPage(HetznerActionPage, 'actions', readRecord)
  return {
    get: (id, options) =>
      read(
        getAction(id),
        toCall({ operation: 'actions.get', subject: `action ${id}` }, options),
        readRecordAt(HetznerActionEnvelope, 'action', readRecord),
      ),
    list: (ids, options) =>
      pipe(
        RA.chunksOf(AT_A_TIME)(ids),
        TE.traverseSeqArray((some) => read(listActions(some), toCall({ operation: 'actions.list' }, options), page)),
        TE.map((pages) => ({
          items: pages.flatMap(({ items }) => items),
          rejected: pages.flatMap(({ rejected }) => rejected),
        })),
      ),
  }
}
