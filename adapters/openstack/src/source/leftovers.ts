import { toInstant } from '@imago/codec'
import {
  aborted,
  conflict,
  type Abortable,
  type ImageResult,
  type ImageError,
  type OrphanedResource,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Records } from '../api/call.ts'
import { isUuid } from '../requests/image-id.ts'
import { listImagesRequest, type Filters } from '../requests/images.ts'
import { callOf, recordOf, siteFor, type SourceContext, type WireRecord } from './context.ts'
import { LARGEST_PAGE } from '../capabilities.ts'
import { ownerFor } from './owner.ts'

/** The property that marks an image as made by a run; its value names the run. */
export const RUN_PROPERTY = 'imago_run'

/** An image that has no data, and so cannot be anybody's. */
const WITHOUT_DATA: readonly unknown[] = ['queued', 'saving', 'uploading', 'importing']

const textOf = (record: WireRecord, key: string): string | null => {
  const value = Object.hasOwn(record, key) ? record[key] : undefined
  return typeof value === 'string' ? value : null
}

const toLeftover = (record: unknown): readonly OrphanedResource[] => {
  if (typeof record !== 'object' || record === null) return []
  const wire = record as WireRecord
  const run = textOf(wire, RUN_PROPERTY)
  const id = textOf(wire, 'id')
  if (run === null || id === null || !WITHOUT_DATA.includes(wire['status'])) return []
  return [
    {
      kind: 'image',
      id,
      name: textOf(wire, 'name'),
      run,
      createdAt: toInstant(textOf(wire, 'created_at') ?? '') ?? null,
    },
  ]
}

/** All of a listing, as far as it is of runs. */
const listed = async (
  context: SourceContext,
  filters: Filters,
  options: Abortable,
): Promise<E.Either<ImageError, readonly OrphanedResource[]>> => {
  const found: OrphanedResource[] = []
  for (let marker: string | null = null; ;) {
    const page: E.Either<ImageError, Records> = await context.caller.records(
      'images',
      listImagesRequest({ filters, limit: LARGEST_PAGE, marker }),
      callOf('orphans', options),
    )()
    if (E.isLeft(page)) return page
    found.push(...page.right.records.flatMap(toLeftover))
    if (page.right.marker === null || page.right.marker === marker) return E.right(found)
    marker = page.right.marker
  }
}

/** Images of this project that a run has made, and that have no data. Glance cannot be asked for those that have a property at all: it is asked for those without data. */
export const leftovers =
  (context: SourceContext) =>
  (options: Abortable = {}): ImageResult<readonly OrphanedResource[]> =>
    pipe(
      ownerFor(context, 'orphans')(options),
      TE.flatMap(
        (project) => () =>
          listed(
            context,
            [['status', `in:${WITHOUT_DATA.join(',')}`], ...(project === null ? [] : [['owner', project] as const])],
            options,
          ),
      ),
    )

/** Why an image is not what `run` left behind in this project, or must stay all the same; `null`: it may be removed. */
const whyKept = (record: WireRecord, run: string, project: string | null): string | null => {
  if (textOf(record, RUN_PROPERTY) !== run) return `its property ${RUN_PROPERTY} does not name this run`
  if (textOf(record, 'owner') !== project)
    return `its owner is ${textOf(record, 'owner') ?? 'nobody'}, and these credentials are for ${project ?? 'no project'}`
  if (!WITHOUT_DATA.includes(record['status'])) return 'it has data'
  return record['protected'] === true ? 'it is protected' : null
}

/**
 * Removes an image that a run left: the only place here where one is removed that the user did not name. Its record is read immediately before. Glance
 * has no conditional DELETE, so what changes between the two requests is not seen.
 */
export const deleteOrphan =
  (context: SourceContext) =>
  ({ id, run }: OrphanedResource, options: Abortable = {}): ImageResult<void> => {
    const site = siteFor(context, 'deleteOrphan')
    if (options.signal?.aborted === true) return TE.left(aborted(site))
    const gone: ImageResult<void> = TE.right(undefined)
    if (!isUuid(id)) return gone
    return pipe(
      TE.Do,
      TE.bind('project', () => ownerFor(context, 'deleteOrphan')(options)),
      TE.bind('record', () => recordOf(context, 'deleteOrphan', id, options)),
      TE.flatMap(({ record, project }) => {
        const why = whyKept(record, run, project)
        return why === null
          ? context.api.images.remove(id, callOf('deleteOrphan', options))
          : TE.left(
              conflict(site, {
                what: `image ${id} is not what run ${run} left behind, and stays: ${why}`,
                hint: 'Look at the image. To delete it, run imago delete',
              }),
            )
      }),
      TE.orElse((error) => (error._tag === 'NotFound' ? gone : TE.left(error))),
    )
  }
