import { forbidden, RUN_LABEL, TEMPORARY_LABEL, type ErrorSite, type ImageResult } from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { allowMissing } from './recover.ts'
import { isTemporary, readRunLabel, type Labels } from './run-tags.ts'

/** An orphaned resource to delete. */
export interface OrphanDeletion<A> {
  readonly site: ErrorSite
  /** For errors: `server 42`. */
  readonly subject: string
  /** The run that created it. */
  readonly run: string
  /** Reads the resource. */
  readonly read: ImageResult<A>
  /** Returns why the resource must be kept; `null`: it is an orphan of the run. */
  readonly explainKeeping: (resource: A, run: string) => string | null
  readonly remove: ImageResult<void>
}

/** Returns why a resource with these labels must be kept; `null`: it is a temporary resource of `run`. */
export const explainKeepingByLabels = (labels: Labels, run: string): string | null => {
  if (!isTemporary(labels)) return `it does not have the label ${TEMPORARY_LABEL.key}=${TEMPORARY_LABEL.value}`
  return (readRunLabel(labels) ?? '') === run ? null : `it does not have the label ${RUN_LABEL}=${run}`
}

/**
 * Deletes a resource that the user did not name, if it still is an orphan of its run; a missing one is a success. Reads it immediately before; a change
 * between the two requests is not noticed, because providers have no conditional DELETE. `Forbidden` (`not_orphan`): it must be kept.
 */
export const deleteOrphanedResource = <A>({
  site,
  subject,
  run,
  read,
  explainKeeping,
  remove,
}: OrphanDeletion<A>): ImageResult<void> =>
  pipe(
    read,
    TE.flatMap((resource) => {
      const why = explainKeeping(resource, run)
      return why === null
        ? remove
        : TE.left(
            forbidden(site, {
              what: `${subject} was kept, because it is not an orphan of run ${run}: ${why}`,
              reason: 'not_orphan',
              hint: 'Inspect it; if it is yours and not needed, delete it',
            }),
          )
    }),
    allowMissing,
  )
