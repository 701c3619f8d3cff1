import { checkLock, cloudKey, printLock, type WantedImages } from '@imago/lock'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { LiveContext } from '../live.ts'
import { mergeExitCodes } from '../live-problem.ts'
import { printMessage } from '../message.ts'
import { count } from '../output/count.ts'
import { printRows, type RowRequest } from '../output/rows.ts'
import type { Output } from '../output/stream.ts'
import { CHANGE_COLUMNS, changesToRows, findingsToRows, toPinsDocument, type ChangeRow } from './change-rows.ts'
import { formatLockCommand, type LockFiles } from './lock-command.ts'
import type { StoredLock } from './lock-store.ts'
import { createLockPlan, reportProblems } from './plan.ts'
import { verifyPins, type VerifiedPin } from './verify-pins.ts'

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
  files: LockFiles,
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
    `imago: ${files.lockFile} ${text === null ? 'does not exist' : isMisformatted && findings.length === 1 ? 'is not formatted as imago writes it' : 'is out of date'}. Run: ${formatLockCommand('lock', files)}`,
  )
  await finish(findingsToRows(findings), false, request, outputs)
  return EXIT.findings
}

/** The pins of which the image no longer exists, or has changed. */
const toStaleRows = (verified: readonly VerifiedPin[]): readonly ChangeRow[] =>
  verified.flatMap(({ pin, result: { state } }): readonly ChangeRow[] =>
    state === 'gone' || state === 'changed'
      ? [{ change: state, image: pin.image, on: pin.on, before: pin, after: null }]
      : [],
  )

const reportStale = (files: LockFiles, stale: readonly ChangeRow[], { messages }: CheckOutputs): void => {
  if (stale.length === 0) return
  const names = [...new Set(stale.map(({ image }) => image))]
  printMessage(
    messages,
    `imago: ${files.lockFile} is out of date: ${count(stale.length, 'pinned image')} gone or changed. Run: ${formatLockCommand('update', files, names)}`,
  )
}

/**
 * Compares the lock file with the lock that `imago lock` would write now, and its pins with their images. `imago lock` keeps the pin of an image that is
 * gone, because it does not read clouds whose requirements are pinned; only `imago update` replaces it.
 */
export const checkOnline = async (
  files: LockFiles,
  live: LiveContext,
  wanted: WantedImages,
  stored: StoredLock,
  request: RowRequest<ChangeRow>,
): Promise<ExitCode> => {
  const planned = await createLockPlan(live, wanted, stored, 'none')
  const code = reportProblems(live, planned)
  const isSame = printLock(planned.plan.lock) === printLock(stored.lock)
  const { changes } = planned.plan
  const kept = changes.flatMap(({ kind, after }) => (kind === 'kept' && after !== null ? [after] : []))
  const verified = await verifyPins(live, kept, null)
  const stale = toStaleRows(verified)
  if (!isSame)
    printMessage(live.messages, `imago: ${files.lockFile} is out of date. Run: ${formatLockCommand('lock', files)}`)
  reportStale(files, stale, live)
  for (const { pin, result } of verified)
    if (result.state === 'unverified')
      printMessage(live.messages, `imago: cannot verify ${pin.image} on ${cloudKey(pin)}: ${result.reason}`)
  const failure = mergeExitCodes([code, ...verified.map((one) => one.failure)])
  const rows = [...changesToRows(changes).filter(({ change }) => change !== 'kept'), ...stale]
  await finish(rows, isSame && stale.length === 0 && failure === EXIT.done, request, live)
  if (stale.length > 0 || (code === EXIT.done && !isSame)) return EXIT.findings
  return failure
}
