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

/** Something to be removed, and the run that made it. */
export interface Remnant {
  readonly kind: 'server' | 'ssh-key' | 'image'
  readonly id: number
  readonly run: string
}

/** While another action is at work there, and while the API has a bad time. Each try is two requests, and a project has one a second (3600 an hour). */
const PAUSE_MS = 4000
/** After a run, whether it succeeded, failed or was aborted: no longer than this. */
const CLEAN_UP_MS = 300_000
/** A server is locked for as long as a snapshot of it is made. */
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

/** Its labels, as they are now. */
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

/** Why it is not what `run` made for itself, by its labels; `null`: it is. A project of Hetzner's shows its own things only, so labels are all there is to ask. */
const whyKept = (labels: Labels, run: string): string | null => {
  if (!isTemporary(labels)) return `it lacks the label ${TEMPORARY.key}=${TEMPORARY.value}`
  return (labels[RUN] ?? '') === run ? null : `its label ${RUN} does not name run ${run}`
}

/** Reads the labels immediately before. Hetzner has no conditional DELETE, so what changes between the two requests is not seen. */
const removeOwn = (
  context: RescueContext,
  remnant: Remnant,
  site: ErrorSite,
  options: CallOptions,
): ImageResult<void> =>
  pipe(
    fetchLabels(context, remnant, options),
    TE.flatMap((labels) => {
      const why = whyKept(labels, remnant.run)
      return why === null
        ? removeOnce(context, remnant, site, options)
        : TE.left(
            forbidden(site, {
              what: `${remnant.kind} ${remnant.id} is not a leftover of this run, and stays: ${why}`,
              reason: 'not_temporary',
              hint: 'Look at it; delete it by other means if it is not needed',
            }),
          )
    }),
  )

/**
 * Removes it, and waits until it is gone; one that is gone already is a success. What is locked is tried again for an hour and a half, what cannot be reached for five minutes, or until the signal aborts.
 * The one place where the adapter deletes what the user did not name. `Forbidden`: it is not, or not any more, what the run made for itself.
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

/** What a run made under one name. */
export interface Traces {
  readonly operation: string
  readonly run: string
  /** Of its server and its key. */
  readonly name: string
}

/** Found by name and label, not by what the run remembers: what it asked for may have been made although no answer came. */
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
 * Removes what a run made under one name: never fails, and gives what could not be removed, in words. The caller's signal does not
 * count, since it is also what an aborted run ends with: it has five minutes of its own.
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

/** An error after which something is left says so. */
export const withRemains = (error: ImageError, left: readonly string[]): ImageError =>
  left.length === 0
    ? error
    : { ...error, hint: `Left behind, and billed: ${left.join(', ')}. Remove it: imago cleanup` }
