import type { ImageResult, ImageError } from '@imago/core/provider'
import { isTemporaryOf } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { CallOptions } from '../api/call.ts'
import { selectTemporary } from '../transfer-labels.ts'
import type { RescueContext } from './context.ts'
import { type TemporaryResource, CLEAN_UP_MS, deleteTemporary } from './delete-temporary.ts'

/** The resources of a run under one name. */
export interface TemporaryResources {
  readonly operation: string
  readonly run: string
  /** The name of its server and key. */
  readonly name: string
}

/** Finds resources by name and label, because a request without a response may have created one. */
const findTemporaryResources = (
  context: RescueContext,
  { run, name, operation }: TemporaryResources,
  options: CallOptions,
): readonly ImageResult<readonly TemporaryResource[]>[] => [
  pipe(
    context.images.list(
      { type: ['snapshot'], label_selector: selectTemporary(run), per_page: 50 },
      { operation, ...options },
    ),
    TE.map(({ items }) =>
      items
        .filter(({ image }) => image.origins.some((origin) => origin.name === name))
        .map(({ image }): TemporaryResource => ({ kind: 'image', id: Number(image.ref.id), run })),
    ),
  ),
  pipe(
    context.servers.list({ name }, { operation, ...options }),
    TE.map(({ items }) =>
      items
        .filter(({ labels }) => isTemporaryOf(run, labels))
        .map(({ id }): TemporaryResource => ({ kind: 'server', id, run })),
    ),
  ),
  pipe(
    context.sshKeys.list({ name }, { operation, ...options }),
    TE.map(({ items }) =>
      items
        .filter(({ labels }) => isTemporaryOf(run, labels))
        .map(({ id }): TemporaryResource => ({ kind: 'ssh-key', id, run })),
    ),
  ),
]

/**
 * Deletes the resources of a run under one name. Never fails; returns descriptions of what could not be deleted. It ignores the caller's signal,
 * because it also runs after an abort, and has its own limit of five minutes.
 */
export const cleanUp = async (context: RescueContext, created: TemporaryResources): Promise<readonly string[]> => {
  const { timing } = context.session
  const [overtime, ended] = [new AbortController(), new AbortController()]
  void timing.sleep(CLEAN_UP_MS, ended.signal).then(() => overtime.abort())
  const options = { operation: created.operation, signal: overtime.signal }
  const left: string[] = []
  const removals = findTemporaryResources(context, created, options).map(async (find) => {
    const found = await find()
    if (E.isLeft(found)) return void left.push(`resources named ${created.name}`)
    for (const resource of found.right) {
      if (E.isLeft(await deleteTemporary(context, resource, options)())) left.push(`${resource.kind} ${resource.id}`)
    }
  })
  await Promise.all(removals)
  ended.abort()
  return [...new Set(left)]
}

/** Adds the resources that could not be deleted to the hint. */
export const withOrphanHint = (error: ImageError, left: readonly string[]): ImageError =>
  left.length === 0
    ? error
    : {
        ...error,
        hint: `Delete the temporary resources, which are billed: ${left.join(', ')}`,
        remedy: error.remedy ?? 'delete-orphans',
      }
