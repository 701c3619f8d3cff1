import type { ImageError, ImageSource, OrphanedResource } from '@imago/core'
import { perform } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { chosenTargets } from '../../connect/chosen-targets.ts'
import { formatCloud } from '@imago/provider-kit'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { errorsToExitCode } from '../../live-problem.ts'
import { column, columnSet, instantColumn } from '../../output/column.ts'
import { printRows, requestRows } from '../../output/rows.ts'
import { Problem } from '../../problem.ts'
import { count } from '../../output/count.ts'
import { printMessage, printError } from '../../message.ts'
import type { Confirm } from '../../writing/confirm.ts'
import type { CleanupOptions } from './options.ts'

interface Found {
  readonly source: ImageSource
  readonly orphan: OrphanedResource
}

const findOrphans = async (
  live: LiveContext,
  source: ImageSource,
  { run }: CleanupOptions,
): Promise<E.Either<ImageError, readonly Found[]>> => {
  if (source.orphans === undefined) return E.right([])
  const orphans = await source.orphans({ signal: live.signal })()
  if (E.isLeft(orphans)) return orphans
  return E.right(
    orphans.right.filter((orphan) => run === undefined || orphan.run === run).map((orphan) => ({ source, orphan })),
  )
}

const COLUMNS = columnSet<Found>('id', [
  column('cloud', 'CLOUD', ({ source }) => formatCloud(source.cloud)),
  column('kind', 'KIND', ({ orphan }) => orphan.kind),
  column('id', 'ID', ({ orphan }) => orphan.id, { whole: true }),
  column('name', 'NAME', ({ orphan }) => orphan.name),
  column('run', 'RUN', ({ orphan }) => orphan.run),
  column('epoch', 'EPOCH', ({ orphan }) => (orphan.epoch === null ? null : String(orphan.epoch))),
  instantColumn('createdAt', 'CREATED', ({ orphan }) => orphan.createdAt),
])

const toDocument = (found: readonly Found[]) => ({
  $schema: 'urn:imago:schema:orphans:1',
  orphans: found.map(({ source, orphan }) => ({
    provider: source.cloud.provider,
    cloud: source.cloud.cloud,
    region: source.cloud.region,
    ...orphan,
  })),
})

/** `imago cleanup`: lists orphaned resources of interrupted runs, and deletes them after confirmation. `confirm`: `null` without a terminal. */
export const cleanup = async (
  clouds: readonly string[],
  options: CleanupOptions,
  live: LiveContext,
  confirm: Confirm | null,
): Promise<ExitCode> => {
  const request = requestRows(COLUMNS, options)
  const { targets, errors: broken } = chosenTargets(live, clouds)
  const errors: ImageError[] = [...broken]
  for (const error of broken) printError(live.messages, error)
  const found: Found[] = []
  for (const target of targets) {
    const source = await live.open(target)
    const orphans = E.isLeft(source) ? source : await findOrphans(live, source.right, options)
    if (E.isLeft(orphans)) {
      errors.push(orphans.left)
      printError(live.messages, orphans.left)
    } else found.push(...orphans.right)
  }
  await printRows(COLUMNS, request, found, live.output, toDocument)
  await live.output.end()
  if (options.dryRun === true) {
    if (found.length === 0 && errors.length === 0) printMessage(live.messages, 'imago: no orphaned resources found')
    await live.messages.end()
    return errorsToExitCode(errors)
  }
  const needsConfirmation = found.length > 0 && options.yes !== true
  if (needsConfirmation && confirm === null)
    throw new Problem(
      'confirmation needs a terminal. To delete these resources, including those of runs in progress, add --yes; to preview, add --dry-run',
      EXIT.usage,
    )
  const isConfirmed =
    found.length > 0 &&
    (options.yes === true ||
      (confirm !== null &&
        (await confirm(`Delete ${count(found.length, 'resource')}, including those of runs in progress?`))))
  if (found.length > 0 && !isConfirmed) {
    printMessage(live.messages, 'imago: nothing was deleted')
    await live.messages.end()
    return EXIT.error
  }
  for (const { source, orphan } of found) {
    const deleted = await perform(source, 'deleteOrphan', orphan, { signal: live.signal })()
    if (E.isLeft(deleted)) {
      errors.push(deleted.left)
      printError(live.messages, deleted.left)
    } else printMessage(live.messages, `${formatCloud(source.cloud)}: ${orphan.kind} ${orphan.id} deleted`)
  }
  if (found.length === 0 && errors.length === 0) printMessage(live.messages, 'imago: no orphaned resources found')
  await live.messages.end()
  return errorsToExitCode(errors)
}
