import { aborted, isRetryable, createErrorSite, type ImageResult, type ErrorSite } from '@imago/core/provider'
import { deleteOrphanedResource, explainKeepingByLabels, type Labels } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { CallOptions } from '../api/call.ts'
import { awaitAction } from '../source/await-action.ts'
import { fetchImage } from '../source/context.ts'
import type { RescueContext } from './context.ts'
import { pause } from './pause.ts'

/** A resource to delete, and the run that created it. */
export interface TemporaryResource {
  readonly kind: 'server' | 'ssh-key' | 'image'
  readonly id: number
  readonly run: string
}

/** Between tries. Each try is two requests, and a project has one a second (3600 an hour). */
const PAUSE_MS = 4000

/** The longest clean-up after a run. */
export const CLEAN_UP_MS = 300_000

/** A server is locked while a snapshot of it is taken. */
const LOCKED_MS = 90 * 60_000

const sendDelete = (
  context: RescueContext,
  { kind, id }: TemporaryResource,
  site: ErrorSite,
  options: CallOptions,
): ImageResult<void> => {
  switch (kind) {
    case 'server':
      return pipe(
        context.servers.remove(id, options),
        TE.flatMap((action) => awaitAction(context, site, action, CLEAN_UP_MS, options)),
        TE.asUnit,
      )
    case 'ssh-key':
      return context.sshKeys.remove(id, options)
    case 'image':
      return context.images.remove(id, options)
  }
}

/** Fetches the current labels. */
const fetchLabels = (
  context: RescueContext,
  { kind, id }: TemporaryResource,
  options: CallOptions,
): ImageResult<Labels> => {
  const readLabels = ({ labels }: { readonly labels?: Labels | null | undefined }): Labels => labels ?? {}
  switch (kind) {
    case 'server':
      return pipe(context.servers.get(id, options), TE.map(readLabels))
    case 'ssh-key':
      return pipe(context.sshKeys.get(id, options), TE.map(readLabels))
    case 'image':
      return pipe(fetchImage(context, id, options), TE.map(readLabels))
  }
}

/** Deletes a resource if its labels still are those of a temporary resource of its run. A project sees only its own resources. */
const deleteOnce = (
  context: RescueContext,
  resource: TemporaryResource,
  site: ErrorSite,
  options: CallOptions,
): ImageResult<void> =>
  deleteOrphanedResource({
    site,
    subject: `${resource.kind} ${resource.id}`,
    run: resource.run,
    read: fetchLabels(context, resource, options),
    explainKeeping: explainKeepingByLabels,
    remove: sendDelete(context, resource, site, options),
  })

/**
 * Deletes a resource, and waits until it is gone; a missing one is a success. Retries locked resources for 90 minutes and temporary failures for
 * five, until the signal aborts. The only place where the adapter deletes what the user did not name. `Forbidden`: it is not, or no longer, a
 * temporary resource of the run (`not_orphan`).
 */
export const deleteTemporary =
  (
    context: RescueContext,
    resource: TemporaryResource,
    options: CallOptions & { readonly operation: string },
  ): ImageResult<void> =>
  async () => {
    const site = createErrorSite(context.session.cloud, options.operation)
    const { timing } = context.session
    const began = timing.clock()
    for (;;) {
      const result = await deleteOnce(context, resource, site, options)()
      if (E.isRight(result) || result.left._tag === 'NotFound') return E.right(undefined)
      const patience = result.left._tag === 'Conflict' ? LOCKED_MS : isRetryable(result.left) ? CLEAN_UP_MS : 0
      if (timing.clock() - began >= patience) return result
      if (!(await pause(PAUSE_MS, timing, options.signal))) return E.left(aborted(site))
    }
  }
