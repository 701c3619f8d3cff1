import { count } from '../output/count.ts'
import { column, columnSet } from '../output/column.ts'
import type { Output } from '../output/stream.ts'
import { printRows, type PrintOptions, type RowRequest } from '../output/rows.ts'
import { hasSummary, printMessage } from '../message.ts'

/** A transfer that a command should change. */
export interface Change {
  readonly run: string
  readonly isChanged: boolean
}

/** The transfers of `imago fleet submit`, `retry` and `cancel`, a row for each. */
export const CHANGE_COLUMNS = columnSet<Change>('run', [
  column('run', 'RUN', ({ run }) => run, { whole: true }),
  column('changed', 'CHANGED', ({ isChanged }) => isChanged, { show: ({ isChanged }) => (isChanged ? 'yes' : 'no') }),
])

/** Prints changes, and a summary. */
export const writeChanges = async (
  action: 'submit' | 'retry' | 'cancel',
  changes: readonly Change[],
  request: RowRequest<Change>,
  options: PrintOptions,
  { output, messages }: { readonly output: Output; readonly messages: Output },
  summary: (changed: string, others: number) => string,
): Promise<void> => {
  await printRows(CHANGE_COLUMNS, request, changes, output, (rows) => ({
    $schema: 'urn:imago:schema:fleet-changes:1',
    action,
    transfers: rows,
  }))
  const changed = changes.filter(({ isChanged }) => isChanged).length
  if (hasSummary(messages, options, changes.length))
    printMessage(messages, `imago: ${summary(count(changed, 'transfer'), changes.length - changed)}`)
  await output.end()
  await messages.end()
}
