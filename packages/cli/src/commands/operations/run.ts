import { perform, type Operation } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { toProblem } from '../../live-problem.ts'
import { column, columnSet, instantColumn } from '../../output/column.ts'
import { printRows, requestRows } from '../../output/rows.ts'
import { resolveImage, parseImageAddress } from '../../resolve-image.ts'
import { formatImageRef } from '@imago/provider-kit'
import { printMessage } from '../../message.ts'
import type { OperationsOptions } from './options.ts'

const percent = ({ progress }: Operation): string => (progress === null ? '-' : `${Math.round(progress * 100)} %`)

const COLUMNS = columnSet<Operation>('id', [
  column('id', 'ID', ({ id }) => id, { whole: true }),
  column('kind', 'KIND', ({ kind }) => kind),
  column('status', 'STATUS', ({ status }) => status),
  column('progress', 'PROGRESS', ({ progress }) => progress, { align: 'right', show: percent }),
  instantColumn('startedAt', 'STARTED', ({ startedAt }) => startedAt),
  instantColumn('finishedAt', 'FINISHED', ({ finishedAt }) => finishedAt),
  column('error', 'ERROR', ({ error }) => error),
])

/** `imago operations`: lists the provider's operations on an image, the newest first. */
export const operations = async (word: string, options: OperationsOptions, live: LiveContext): Promise<ExitCode> => {
  const request = requestRows(COLUMNS, options)
  const { source, image } = await resolveImage(live, parseImageAddress(word), options)
  const result = await perform(source, 'operations', image.ref.id, { signal: live.signal })()
  if (E.isLeft(result)) throw toProblem(result.left)
  await printRows(COLUMNS, request, result.right, live.output, (rows) => ({
    $schema: 'urn:imago:schema:operations:1',
    image: formatImageRef(image.ref),
    operations: rows,
  }))
  if (request.format === 'table') {
    const hint = result.right.find(({ status }) => status === 'error')?.hint
    if (hint !== undefined) printMessage(live.messages, `imago: ${hint}`)
    if (result.right.length === 0) printMessage(live.messages, `imago: no operations on ${formatImageRef(image.ref)}`)
  }
  await live.output.end()
  await live.messages.end()
  return EXIT.done
}
