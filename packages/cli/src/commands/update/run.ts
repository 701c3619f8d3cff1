import { isCanonical, type Update } from '@imago/lock'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { CHANGE_COLUMNS, changesToRows, toPinsDocument } from '../../lock/change-rows.ts'
import { printChangesMarkdown } from '../../lock/changes-markdown.ts'
import { readStoredLock, writeLock } from '../../lock/lock-store.ts'
import { createLockPlan, reportProblems } from '../../lock/plan.ts'
import { readImagesFile } from '../../lock/read-images-file.ts'
import { printMessage } from '../../message.ts'
import { printRows, requestRows, sortRows } from '../../output/rows.ts'
import { Problem } from '../../problem.ts'
import { formatSuggestion } from '../../format-suggestion.ts'
import type { UpdateOptions } from './options.ts'

/** `imago update`: resolves the named images again, by default all, and updates their pins. Writes the whole lock or nothing. */
export const update = async (
  names: readonly string[],
  options: UpdateOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  const { file, lockFile, dryRun } = options
  const request = requestRows(CHANGE_COLUMNS, options)
  const wanted = await readImagesFile(file)
  const known = wanted.images.map(({ name }) => name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new Problem(
      `image not found in ${file}: ${unknown}${formatSuggestion(unknown, known) || (known.length === 0 ? '' : `. Images: ${known.join(', ')}`)}`,
      EXIT.usage,
    )
  const stored = await readStoredLock(lockFile, file)
  const which: Update = names.length === 0 ? 'all' : new Set(names)
  const planned = await createLockPlan(live, wanted, stored, which)
  const code = reportProblems(live, planned)
  if (code !== EXIT.done) {
    printMessage(live.messages, `imago: ${lockFile} was not changed`)
    await live.messages.end()
    return code
  }
  const { lock, changes } = planned.plan
  const isChanged = stored.text === null || !isCanonical(stored.text, lock)
  if (isChanged && dryRun !== true) await writeLock(lockFile, lock)
  const rows = changesToRows(changes).filter(({ change }) => change !== 'kept')
  if (request.format === 'markdown') live.output.write(printChangesMarkdown(sortRows(request, rows)))
  else
    await printRows(CHANGE_COLUMNS, request, rows, live.output, (sorted) =>
      toPinsDocument(sorted, !isChanged || dryRun !== true),
    )
  if (rows.length === 0 && request.format === 'table') printMessage(live.messages, 'imago: all pins are up to date')
  await live.output.end()
  await live.messages.end()
  return EXIT.done
}
