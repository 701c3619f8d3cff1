import {
  RUN_EPOCH_PROPERTY,
  RUN_PROPERTY,
  type Abortable,
  type ImageResult,
  type OrphanedResource,
} from '@imago/core/provider'
import { deleteOrphanedResource, toOrphan, unlessAborted } from '@imago/provider-kit'
import { collectPages } from '@imago/provider-kit/live'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { LARGEST_PAGE } from '../capabilities.ts'
import { isUuid } from '../requests/image-id.ts'
import { listImagesRequest, type Filters } from '../requests/images.ts'
import { toCallOptions, fetchRecord, createSite, type SourceContext, type WireRecord } from './context.ts'
import { fetchOwner } from './owner.ts'

/** Statuses of images without data. */
const WITHOUT_DATA: readonly unknown[] = ['queued', 'saving', 'uploading', 'importing']

const readText = (record: WireRecord, key: string): string | null => {
  const value = Object.hasOwn(record, key) ? record[key] : undefined
  return typeof value === 'string' ? value : null
}

const readOrphan = (record: unknown): readonly OrphanedResource[] => {
  if (typeof record !== 'object' || record === null) return []
  const wire = record as WireRecord
  const run = readText(wire, RUN_PROPERTY)
  const id = readText(wire, 'id')
  if (run === null || id === null || !WITHOUT_DATA.includes(wire['status'])) return []
  return [
    toOrphan({
      kind: 'image',
      id,
      name: readText(wire, 'name'),
      run,
      epoch: readText(wire, RUN_EPOCH_PROPERTY),
      created: readText(wire, 'created_at'),
    }),
  ]
}

/** Lists this project's images without data that a run created. Glance cannot filter by the presence of a property, so all images without data are listed. */
export const listOrphans =
  (context: SourceContext) =>
  (options: Abortable = {}): ImageResult<readonly OrphanedResource[]> =>
    pipe(
      fetchOwner(context, 'orphans')(options),
      TE.flatMap((project) => {
        const owner: Filters = project === null ? [] : [['owner', project]]
        const filters: Filters = [['status', `in:${WITHOUT_DATA.join(',')}`], ...owner]
        return collectPages<OrphanedResource, string | null>(createSite(context, 'orphans'), 'images', null, (marker) =>
          pipe(
            context.caller.records(
              'images',
              listImagesRequest({ filters, limit: LARGEST_PAGE, marker }),
              toCallOptions('orphans', options),
            ),
            TE.map((page) => ({ items: page.records.flatMap(readOrphan), next: page.marker })),
          ),
        )
      }),
    )

/** Returns why an image must be kept, or `null` if it is an orphan of `run` in this project. */
const explainKeeping = (record: WireRecord, run: string, project: string | null): string | null => {
  if (readText(record, RUN_PROPERTY) !== run) return `its property ${RUN_PROPERTY} is not ${run}`
  if (readText(record, 'owner') !== project)
    return `its owner is ${readText(record, 'owner') ?? 'unknown'}, and the project of these credentials is ${project ?? 'unknown'}`
  if (!WITHOUT_DATA.includes(record['status'])) return 'it has data'
  return record['protected'] === true ? 'it is protected' : null
}

/** Deletes an orphaned image of a run. This is the only code that deletes an image that the user did not name. */
export const deleteOrphan =
  (context: SourceContext) =>
  ({ id, run }: OrphanedResource, options: Abortable = {}): ImageResult<void> => {
    const site = createSite(context, 'deleteOrphan')
    if (!isUuid(id)) return unlessAborted(site, options, TE.right(undefined))
    return pipe(
      fetchOwner(context, 'deleteOrphan')(options),
      TE.flatMap((project) =>
        deleteOrphanedResource({
          site,
          subject: `image ${id}`,
          run,
          read: fetchRecord(context, 'deleteOrphan', id, options),
          explainKeeping: (record) => explainKeeping(record, run, project),
          remove: context.api.images.remove(id, toCallOptions('deleteOrphan', options)),
        }),
      ),
    )
  }
