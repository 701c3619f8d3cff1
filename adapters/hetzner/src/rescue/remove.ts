import {
  aborted,
  forbidden,
  isRetryable,
  createErrorSite,
  type ImageResult,
  type ErrorSite,
  type ImageError,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CallOptions } from '../api/call.ts'
import { awaitAction } from '../source/await-action.ts'
import { fetchImage } from '../source/context.ts'
import type { RescueContext } from './context.ts'
import { RUN, TEMPORARY } from '../transfer-labels.ts'
import { isTemporary, TEMPORARY_SELECTOR, type Labels } from './marks.ts'
import { pause } from './pause.ts'

/** A resource to delete, and the run that created it. */
export interface Remnant {
  readonly kind: 'server' | 'ssh-key' | 'image'
  readonly id: number
  readonly run: string
}

/** Between tries. Each try is two requests, and a project has one a second (3600 an hour). */
const PAUSE_MS = 4000
/** The longest clean-up after a run. */
const CLEAN_UP_MS = 300_000
/** A server is locked while a snapshot of it is taken. */
const LOCKED_MS = 90 * 60_000

const removeOnce = (
  context: RescueContext,
  { kind, id }: Remnant,
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
const fetchLabels = (context: RescueContext, { kind, id }: Remnant, options: CallOptions): ImageResult<Labels> => {
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

/** Why a resource must be kept; `null`: by its labels, it is a temporary resource of `run`. A project sees its own resources only. */
const explainKeeping = (labels: Labels, run: string): string | null => {
  if (!isTemporary(labels)) return `it does not have the label ${TEMPORARY.key}=${TEMPORARY.value}`
  return (labels[RUN] ?? '') === run ? null : `its label ${RUN} names another run than ${run}`
}

/** Reads the labels immediately before. Hetzner has no conditional DELETE, so a change between the two requests is not noticed. */
const removeOwn = (
  context: RescueContext,
  remnant: Remnant,
  site: ErrorSite,
  options: CallOptions,
): ImageResult<void> =>
  pipe(
    fetchLabels(context, remnant, options),
    TE.flatMap((labels) => {
      const why = explainKeeping(labels, remnant.run)
      return why === null
        ? removeOnce(context, remnant, site, options)
        : TE.left(
            forbidden(site, {
              what: `${remnant.kind} ${remnant.id} was kept, because it is not an orphan of this run: ${why}`,
              reason: 'not_temporary',
              hint: 'Check it; delete it by other means if it is not needed',
            }),
          )
    }),
  )

/**
 * Deletes a resource, and waits until it is gone; a missing one is a success. Retries locked resources for 90 minutes and temporary failures for
 * five, until the signal aborts. The only place where the adapter deletes what the user did not name. `Forbidden`: it is not, or no longer, a
 * temporary resource of the run.
 */
export const removeRemnant =
  (
    context: RescueContext,
    remnant: Remnant,
    options: CallOptions & { readonly operation: string },
  ): ImageResult<void> =>
  async () => {
    const site = createErrorSite(context.session.cloud, options.operation)
    const { timing } = context.session
    const began = timing.clock()
    for (;;) {
      const answer = await removeOwn(context, remnant, site, options)()
      if (E.isRight(answer) || answer.left._tag === 'NotFound') return E.right(undefined)
      const patience = answer.left._tag === 'Conflict' ? LOCKED_MS : isRetryable(answer.left) ? CLEAN_UP_MS : 0
      if (timing.clock() - began >= patience) return answer
      if (!(await pause(PAUSE_MS, timing, options.signal))) return E.left(aborted(site))
    }
  }

/** The resources of a run under one name. */
export interface Traces {
  readonly operation: string
  readonly run: string
  /** The name of its server and key. */
  readonly name: string
}

/** Finds resources by name and label, because a request without a response may have created one. */
const findTraces = (
  context: RescueContext,
  { run, name, operation }: Traces,
  options: CallOptions,
): readonly ImageResult<readonly Remnant[]>[] => [
  pipe(
    context.images.list(
      { type: ['snapshot'], label_selector: `${TEMPORARY_SELECTOR},${RUN}==${run}`, per_page: 50 },
      { operation, ...options },
    ),
    TE.map(({ items }) =>
      items
        .filter(({ image }) => image.origins.some((origin) => origin.name === name))
        .map(({ image }): Remnant => ({ kind: 'image', id: Number(image.ref.id), run })),
    ),
  ),
  pipe(
    context.servers.list({ name }, { operation, ...options }),
    TE.map(({ items }) =>
      items
        .filter(({ labels }) => isTemporary(labels) && labels?.[RUN] === run)
        .map(({ id }): Remnant => ({ kind: 'server', id, run })),
    ),
  ),
  pipe(
    context.sshKeys.list({ name }, { operation, ...options }),
    TE.map(({ items }) =>
      items
        .filter(({ labels }) => isTemporary(labels) && labels?.[RUN] === run)
        .map(({ id }): Remnant => ({ kind: 'ssh-key', id, run })),
    ),
  ),
]

/**
 * Deletes the resources of a run under one name. Never fails; returns descriptions of what could not be deleted. It ignores the caller's signal,
 * because it also runs after an abort, and has its own limit of five minutes.
 */
export const cleanUp = async (context: RescueContext, traces: Traces): Promise<readonly string[]> => {
  const { timing } = context.session
  const [overtime, ended] = [new AbortController(), new AbortController()]
  void timing.sleep(CLEAN_UP_MS, ended.signal).then(() => overtime.abort())
  const options = { operation: traces.operation, signal: overtime.signal }
  const left: string[] = []
  const removals = findTraces(context, traces, options).map(async (find) => {
    const found = await find()
    if (E.isLeft(found)) return void left.push(`what is called ${traces.name}`)
    for (const remnant of found.right) {
      if (E.isLeft(await removeRemnant(context, remnant, options)())) left.push(`${remnant.kind} ${remnant.id}`)
    }
  })
  await Promise.all(removals)
  ended.abort()
  return [...new Set(left)]
}

/** Adds the resources that were left behind to the hint. */
export const withRemains = (error: ImageError, left: readonly string[]): ImageError =>
  left.length === 0
    ? error
    : { ...error, hint: `Run imago cleanup to delete what was left behind and is billed: ${left.join(', ')}` }
