import { forbidden, perform, createErrorSite } from '@imago/core'
import { formatImageRef } from '@imago/provider-kit'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { describeImage, type FoundImage } from '../../resolve-image.ts'
import { toProblem } from '../../live-problem.ts'
import { Problem } from '../../problem.ts'
import { visible } from '../../output/visible.ts'
import { resolveImages, makeChange } from '../../writing/change-each.ts'
import type { Confirm } from '../../writing/confirm.ts'
import { checkReport, createReport } from '../../writing/report.ts'
import type { WriteContext } from '../../writing/write-context.ts'
import type { DeleteOptions } from './options.ts'

const formatLine = ({ image }: FoundImage): string => `  ${visible(describeImage(image))}\n`

/** Whether the user wants it. Without a terminal nobody can be asked, and nothing is deleted by surprise. */
const isWanted = async (
  images: readonly FoundImage[],
  { yes, dryRun }: DeleteOptions,
  { messages }: WriteContext,
  confirm: Confirm | null,
): Promise<boolean> => {
  if (yes === true || dryRun === true) return true
  if (confirm === null) throw new Problem('there is no terminal to ask on. To delete, add --yes', EXIT.usage)
  messages.write(images.map(formatLine).join(''))
  await messages.end()
  return confirm(`Delete ${images.length === 1 ? 'this image' : `these ${images.length} images`}?`)
}

/** `imago delete`: asks first, and prints the images as they were. When one of the images is protected, none is deleted. `confirm`: `null` where there is no terminal. */
export const remove = async (
  words: readonly string[],
  options: DeleteOptions,
  context: WriteContext,
  confirm: Confirm | null,
): Promise<ExitCode> => {
  checkReport(context, options)
  const images = await resolveImages(context, words, options)
  const guarded = images.find(({ image }) => image.protected === true)
  if (guarded !== undefined) {
    const place = formatImageRef(guarded.image.ref)
    const rest = images.length > 1 ? '; nothing was deleted' : ''
    throw toProblem(
      forbidden(createErrorSite(guarded.source.cloud, 'delete'), {
        what: `${place} is protected${rest}`,
        reason: 'protected',
        hint: `To delete it all the same: imago unprotect ${place}`,
      }),
    )
  }
  if (!(await isWanted(images, options, context, confirm))) {
    context.messages.write('imago: nothing was deleted\n')
    await context.messages.end()
    return EXIT.error
  }
  const report = await createReport(context, options)
  for (const { source, image } of images) {
    if (context.signal.aborted) break
    await makeChange(
      context,
      report,
      source.cloud,
      perform(source, 'delete', image.ref.id, { signal: context.signal }),
      () => report.changed(image, `${describeImage(image)} is deleted`),
    )
  }
  return report.end()
}
