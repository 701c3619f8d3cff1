import { perform, type ImageResult, type ImageShare, type NameLookupOptions, type ShareRequest } from '@imago/core'
import { formatImageRef } from '@imago/provider-kit'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { describeImage } from '../../resolve-image.ts'
import { Problem } from '../../problem.ts'
import { column, columnSet } from '../../output/column.ts'
import { printRows, requestRows } from '../../output/rows.ts'
import { printMessage } from '../../message.ts'
import { makeChange } from '../../writing/change-each.ts'
import { resolveImages } from '../../writing/choose-images.ts'
import { createReport } from '../../writing/report.ts'
import type { WriteContext } from '../../writing/write-context.ts'
import type { ShareOptions } from './options.ts'

export type ShareCommand = 'share' | 'unshare' | 'accept' | 'reject'

/** Default listings do not contain images whose share is pending or declined. */
const OFFERED: NameLookupOptions['first'] = { visibility: 'shared' }

const toRequests = (command: ShareCommand, projects: readonly string[]): readonly ShareRequest[] => {
  switch (command) {
    case 'share':
      return projects.map((project) => ({ action: 'invite', project }))
    case 'unshare':
      return projects.map((project) => ({ action: 'withdraw', project }))
    case 'accept':
      return [{ action: 'accept' }]
    case 'reject':
      return [{ action: 'decline' }]
  }
}

const COLUMNS = columnSet<ImageShare>('project', [
  column('project', 'PROJECT', ({ project }) => project, { whole: true }),
  column('status', 'STATUS', ({ status }) => status),
])

/** `imago share`, `unshare`, `accept`, `reject`. `share` without a project lists the shares. */
export const share = async (
  command: ShareCommand,
  word: string,
  options: ShareOptions,
  context: WriteContext,
): Promise<ExitCode> => {
  const request = context.takeHeld === null ? requestRows(COLUMNS, options) : null
  const projects = options.with ?? []
  if (command === 'unshare' && projects.length === 0)
    throw new Problem('no project named. Add --with PROJECT', EXIT.usage)
  const [found] = await resolveImages(
    context,
    [word],
    options,
    command === 'accept' || command === 'reject' ? OFFERED : undefined,
  )
  if (found === undefined) return EXIT.notFound
  const { source, image } = found
  const { id } = image.ref
  const report = await createReport(context, options, 'nothing')
  const calls: readonly ImageResult<readonly ImageShare[]>[] =
    command === 'share' && projects.length === 0
      ? [perform(source, 'shares', id, { signal: context.signal })]
      : toRequests(command, projects).map((request) =>
          perform(source, 'share', id, request, { signal: context.signal }),
        )
  const known: (readonly ImageShare[])[] = []
  for (const call of calls) await makeChange(context, report, source.cloud, call, (after) => known.push(after))
  const shares = known.at(-1)
  if (shares !== undefined && request !== null) {
    await printRows(COLUMNS, request, shares, context.output, (rows) => ({
      $schema: 'urn:imago:schema:shares:1',
      image: formatImageRef(image.ref),
      shares: rows,
    }))
    if (shares.length === 0 && request.format === 'table')
      printMessage(context.messages, `imago: ${describeImage(image)} is not shared`)
  }
  return report.end()
}
