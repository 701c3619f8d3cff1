import { forbidden, perform, createErrorSite } from '@imago/core'
import { formatImageRef } from '@imago/provider-kit'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { describeImage, type FoundImage } from '../../resolve-image.ts'
import { toProblem } from '../../live-problem.ts'
import { Problem } from '../../problem.ts'
import { visible } from '../../output/visible.ts'
import { makeChange } from '../../writing/change-each.ts'
import { chooseImages } from '../../writing/choose-images.ts'
import type { Confirm } from '../../writing/confirm.ts'
import { forEachSelected } from '../../writing/recheck.ts'
import { findRemaining, remainingToJson, reportRemaining } from '../../writing/remaining.ts'
import { checkReport, createReport } from '../../writing/report.ts'
import type { WriteContext } from '../../writing/write-context.ts'
import type { DeleteOptions } from './options.ts'

const formatLine = ({ image }: FoundImage): string => `  ${visible(describeImage(image))}\n`

/** Asks for confirmation. Without a terminal, `--yes` is required. */
const isConfirmed = async (
  images: readonly FoundImage[],
  { yes, dryRun }: DeleteOptions,
  context: WriteContext,
  confirm: Confirm | null,
): Promise<boolean> => {
  const { messages } = context
  const reportAll = (): void => {
    for (const { image } of images) reportRemaining(context, image, false)
  }
  if (dryRun === true) reportAll()
  if (yes === true || dryRun === true) return true
  if (confirm === null)
    throw new Problem('confirmation needs a terminal. To delete, add --yes; to preview, add --dry-run', EXIT.usage)
  messages.write(images.map(formatLine).join(''))
  reportAll()
  await messages.end()
  return confirm(`Delete ${images.length === 1 ? 'this image' : `these ${images.length} images`}?`)
}

/** `imago delete`: deletes images after confirmation, and prints them as they were. If one is protected, none is deleted. Images selected by usage are selected again before each deletion. `confirm`: `null` without a terminal. */
export const remove = async (
  words: readonly string[],
  options: DeleteOptions,
  context: WriteContext,
  confirm: Confirm | null,
): Promise<ExitCode> => {
  checkReport(context, options)
  const images = await chooseImages(context, words, options)
  const guarded = images.find(({ image }) => image.protected === true)
  if (guarded !== undefined) {
    const place = formatImageRef(guarded.image.ref)
    const rest = images.length > 1 ? '; nothing was deleted' : ''
    throw toProblem(
      forbidden(createErrorSite(guarded.source.cloud, 'delete'), {
        what: `${place} is protected${rest}`,
        reason: 'protected',
        hint: `To delete it, remove its protection: imago unprotect ${place}`,
      }),
    )
  }
  if (!(await isConfirmed(images, options, context, confirm))) {
    context.messages.write('imago: nothing was deleted\n')
    await context.messages.end()
    return EXIT.error
  }
  const report = await createReport(context, options)
  const rechecked = await forEachSelected(
    context,
    images,
    options,
    { refusesProtected: true, outcome: 'kept' },
    ({ source, image }) =>
      makeChange(
        context,
        report,
        source.cloud,
        perform(source, 'delete', image.ref.id, { signal: context.signal }),
        () => {
          const remaining = findRemaining(image, context.providers)
          const additions = remaining.length === 0 ? null : { remaining: remainingToJson(remaining) }
          report.changed(image, `${describeImage(image)} deleted`, additions)
          reportRemaining(context, image, true)
        },
      ),
  )
  const code = await report.end()
  return code === EXIT.done ? rechecked : code
}
