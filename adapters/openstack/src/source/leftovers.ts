import { conflict, type Abortable, type ImageResult, type OrphanedResource } from '@imago/core/provider'
import { allowMissing, toOrphan, unlessAborted } from '@imago/provider-kit'
import { collectPages } from '@imago/provider-kit/live'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { LARGEST_PAGE } from '../capabilities.ts'
import { isUuid } from '../requests/image-id.ts'
import { listImagesRequest, type Filters } from '../requests/images.ts'
import { toCallOptions, fetchRecord, createSite, type SourceContext, type WireRecord } from './context.ts'
import { fetchOwner } from './owner.ts'

/** The property on images created by a run; its value is the run's ID. */
export const RUN_PROPERTY = 'imago_run'

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
  return [toOrphan({ kind: 'image', id, name: readText(wire, 'name'), run, created: readText(wire, 'created_at') })]
}

/** Lists this project's images without data that a run created. Glance cannot filter by the presence of a property, so all images without data are listed. */
export const leftovers =
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
  if (readText(record, RUN_PROPERTY) !== run) return `its property ${RUN_PROPERTY} names another run`
  if (readText(record, 'owner') !== project)
    return `its owner is ${readText(record, 'owner') ?? 'unknown'}, and the project of these credentials is ${project ?? 'unknown'}`
  if (!WITHOUT_DATA.includes(record['status'])) return 'it has data'
  return record['protected'] === true ? 'it is protected' : null
}

/**
 * Deletes an orphaned image of a run. This is the only code that deletes an image that the user did not name, so it reads the record immediately before.
 * Glance has no conditional DELETE: a change between the two requests is not detected.
 */
export const deleteOrphan =
  (context: SourceContext) =>
  ({ id, run }: OrphanedResource, options: Abortable = {}): ImageResult<void> => {
    const site = createSite(context, 'deleteOrphan')
    if (!isUuid(id)) return unlessAborted(site, options, TE.right(undefined))
    return pipe(
      TE.Do,
      TE.bind('project', () => fetchOwner(context, 'deleteOrphan')(options)),
      TE.bind('record', () => fetchRecord(context, 'deleteOrphan', id, options)),
      TE.flatMap(({ record, project }) => {
        const why = explainKeeping(record, run, project)
        return why === null
          ? context.api.images.remove(id, toCallOptions('deleteOrphan', options))
          : TE.left(
              conflict(site, {
                what: `image ${id} was kept, because it is not an orphan of run ${run}: ${why}`,
                hint: 'Check the image. To delete it, run imago delete',
              }),
            )
      }),
      allowMissing,
    )
  }
