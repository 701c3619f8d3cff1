import { checkLock, printLock, type WantedImages } from '@imago/lock'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { LiveContext } from '../live.ts'
import { printMessage } from '../message.ts'
import { printRows, type RowRequest } from '../output/rows.ts'
import type { Output } from '../output/stream.ts'
import { CHANGE_COLUMNS, changesToRows, findingsToRows, toPinsDocument, type ChangeRow } from './change-rows.ts'
import type { StoredLock } from './lock-store.ts'
import { createLockPlan, reportProblems } from './plan.ts'

/** Where the result of a check is printed. */
export interface CheckOutputs {
  readonly output: Output
  readonly messages: Output
}

const finish = async (
  rows: readonly ChangeRow[],
  isCurrent: boolean,
  request: RowRequest<ChangeRow>,
  { output, messages }: CheckOutputs,
): Promise<void> => {
  await printRows(CHANGE_COLUMNS, request, rows, output, (sorted) => toPinsDocument(sorted, isCurrent))
  await output.end()
  await messages.end()
}

/** Compares the lock file with the images file. `null`: they agree as far as can be determined offline. */
export const checkOffline = async (
  file: string,
  wanted: WantedImages,
  { lock, text }: StoredLock,
  request: RowRequest<ChangeRow>,
  outputs: CheckOutputs,
): Promise<ExitCode | null> => {
  const findings = checkLock(wanted, lock, text ?? '')
  if (findings.length === 0) return null
  const isMisformatted = text !== null && findings.some(({ kind }) => kind === 'format')
  printMessage(
    outputs.messages,
    `imago: ${file} ${text === null ? 'does not exist' : isMisformatted && findings.length === 1 ? 'is not as imago writes it' : 'is out of date'}. Run: imago lock`,
  )
  await finish(findingsToRows(findings), false, request, outputs)
  return EXIT.findings
}

/** Compares the lock file with the lock that `imago lock` would write now. */
export const checkOnline = async (
  file: string,
  live: LiveContext,
  wanted: WantedImages,
  stored: StoredLock,
  request: RowRequest<ChangeRow>,
): Promise<ExitCode> => {
  const planned = await createLockPlan(live, wanted, stored, 'none')
  const code = reportProblems(live, planned)
  const isCurrent = printLock(planned.plan.lock) === printLock(stored.lock)
  const changed = changesToRows(planned.plan.changes).filter(({ change }) => change !== 'kept')
  if (!isCurrent) printMessage(live.messages, `imago: ${file} is out of date. Run: imago lock`)
  await finish(changed, isCurrent && code === EXIT.done, request, live)
  return code === EXIT.done && !isCurrent ? EXIT.findings : code
}
