import type { ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { SpoolItem } from '../journal/entry.ts'
import { isPacked } from '../plan/format.ts'
import type { Plan } from '../plan/plan.ts'
import type { RunContext } from './context.ts'
import { convertSource } from './convert-source.ts'
import { fetchSource } from './fetch-source.ts'
import { markWrongSource } from './resumable.ts'
import { checkUnchanged } from './source-bytes.ts'
import type { StagedSender } from './stage-request.ts'
import { type StagedImage, isInPlace } from './staged-image.ts'
import { unpackSource } from './unpack-source.ts'

const listItems = ({ format }: Plan): readonly SpoolItem[] => [
  'source',
  ...(isPacked(format) ? ['disk' as const] : []),
  ...(format.convert ? ['converted' as const] : []),
]

/** The path that may be a second hard link of the staged file, if a process ended while it stored it. */
const findTwin = ({ target }: Plan): string | undefined => (target.kind === 'file' ? target.path : undefined)

/** The item, if it is staged and verified. */
const findStaged = async ({ journal, spool, run, plan }: RunContext, item: SpoolItem): Promise<StagedImage | null> => {
  const ready = journal.state().ready[item]
  if (ready === undefined && item === 'source' && isInPlace(plan)) return null
  if (ready === undefined) {
    // The process ended before its entry was written: the item is inspected again, not fetched.
    if ((await spool.findSize(run, item, 'ready', findTwin(plan))) !== null) await spool.unsettle(run, item)
    return null
  }
  if (item === 'source' && isInPlace(plan) && plan.source.kind === 'file')
    return { path: plan.source.path, ready, inPlace: true }
  if ((await spool.findSize(run, item, 'ready', findTwin(plan))) === ready.size)
    return { path: spool.readyPath(run, item), ready, inPlace: false }
  await journal.note({ entry: 'discarded', item })
  await spool.discard(run, item)
  return null
}

const stageItem = async (
  context: RunContext,
  item: SpoolItem,
  sender: StagedSender | undefined,
): Promise<E.Either<ImageError, StagedImage>> => {
  const items = listItems(context.plan)
  const found = await findStaged(context, item)
  if (found !== null) return E.right(found)
  if (item === 'source') return fetchSource(context, sender)
  const before = items[items.indexOf(item) - 1] ?? 'source'
  const from = await stageItem(context, before, undefined)
  if (E.isLeft(from)) return from
  const made = await (item === 'disk' ? unpackSource(context, from.right) : convertSource(context, from.right))
  if (E.isRight(made) && from.right.inPlace) {
    // Other programs may change a file in place: the result is valid only if the file is still the same.
    const same = await checkUnchanged(context, false)
    if (E.isLeft(same)) {
      await context.journal.note({ entry: 'discarded', item })
      await context.spool.discard(context.run, item)
      return same
    }
  }
  // Its input is no longer needed.
  if (E.isRight(made) && !from.right.inPlace) await context.spool.discard(context.run, before)
  return made
}

/**
 * Fetches, unpacks and converts the source as planned. Continues with what is already staged.
 * @param sender sends a source that is neither unpacked nor converted while it is fetched.
 */
export const fetchImage = async (
  context: RunContext,
  sender?: StagedSender,
): Promise<E.Either<ImageError, StagedImage>> =>
  E.mapLeft(markWrongSource)(await stageItem(context, listItems(context.plan).at(-1) ?? 'source', sender))
