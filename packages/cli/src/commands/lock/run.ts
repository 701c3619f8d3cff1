import { HAND_OVER_FORMATS, isCanonical, printHandOver, type HandOverFormat, type Lock } from '@imago/lock'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { CHANGE_COLUMNS, changesToRows, toPinsDocument, type ChangeRow } from '../../lock/change-rows.ts'
import { checkOffline, checkOnline, type CheckOutputs } from '../../lock/check.ts'
import { readExistingLock, readStoredLock, writeLock } from '../../lock/lock-store.ts'
import { createLockPlan, reportProblems } from '../../lock/plan.ts'
import { readImagesFile } from '../../lock/read-images-file.ts'
import { printMessage } from '../../message.ts'
import { printRows, requestRows } from '../../output/rows.ts'
import type { Output } from '../../output/stream.ts'
import { Problem } from '../../problem.ts'
import type { LockOptions } from './options.ts'

const MODES = ['check', 'locked', 'dryRun'] as const

const isHandOver = (format: string): format is HandOverFormat =>
  (HAND_OVER_FORMATS as readonly string[]).includes(format)

const checkModes = (options: LockOptions): void => {
  const given = MODES.filter((mode) => options[mode] !== undefined)
  if (given.length > 1) throw new Problem('--check, --locked and --dry-run cannot be combined', EXIT.usage)
  if (options.check !== undefined && isHandOver(options.output))
    throw new Problem(`--check and -o ${options.output} cannot be combined: --check prints no IDs`, EXIT.usage)
}

/** Prints the pins of a lock as a table, as a document, or in the format of another tool. */
const printPins = async (
  lock: Lock,
  rows: readonly ChangeRow[],
  options: LockOptions,
  output: Output,
  isCurrent = true,
): Promise<void> => {
  const request = requestRows(CHANGE_COLUMNS, options)
  if (isHandOver(options.output)) {
    const text = printHandOver(lock, options.output)
    if (E.isLeft(text)) throw new Problem(text.left)
    output.write(text.right)
  } else await printRows(CHANGE_COLUMNS, request, rows, output, (sorted) => toPinsDocument(sorted, isCurrent))
  await output.end()
}

/** The offline part of `imago lock`: `--locked`, `--check=offline`, and the offline checks of `--check`. `null`: clouds have to be read. */
export const lockOffline = async (options: LockOptions, outputs: CheckOutputs): Promise<ExitCode | null> => {
  checkModes(options)
  const { file, lockFile, check, locked } = options
  if (locked === true) {
    const lock = await readExistingLock(lockFile, file)
    const rows = changesToRows(lock.pins.map((pin) => ({ kind: 'kept', before: pin, after: pin })))
    await printPins(lock, rows, options, outputs.output)
    return EXIT.done
  }
  if (check === undefined) return null
  const request = requestRows(CHANGE_COLUMNS, options)
  const code = await checkOffline(
    options,
    await readImagesFile(file),
    await readStoredLock(lockFile, file),
    request,
    outputs,
  )
  if (code !== null || check !== 'offline') return code
  await printRows(CHANGE_COLUMNS, request, [], outputs.output, (rows) => toPinsDocument(rows, true))
  await outputs.output.end()
  return EXIT.done
}

/** `imago lock`: adds missing pins, removes those without a requirement, and keeps the rest. Writes the whole lock or nothing. */
export const lock = async (options: LockOptions, live: LiveContext): Promise<ExitCode> => {
  const { file, lockFile, check, dryRun } = options
  const request = requestRows(CHANGE_COLUMNS, options)
  const wanted = await readImagesFile(file)
  const stored = await readStoredLock(lockFile, file)
  if (check !== undefined) return checkOnline(options, live, wanted, stored, request)
  const planned = await createLockPlan(live, wanted, stored, 'none')
  const code = reportProblems(live, planned)
  if (code !== EXIT.done) {
    printMessage(live.messages, `imago: ${lockFile} was not changed`)
    await live.messages.end()
    return code
  }
  const { plan } = planned
  const isChanged = stored.text === null || !isCanonical(stored.text, plan.lock)
  if (isChanged && dryRun !== true) await writeLock(lockFile, plan.lock)
  await printPins(plan.lock, changesToRows(plan.changes), options, live.output, !isChanged || dryRun !== true)
  await live.messages.end()
  return EXIT.done
}
