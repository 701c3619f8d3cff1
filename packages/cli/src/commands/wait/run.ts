import { formatImageRef } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import type { ExitCode } from '../../exit-code.ts'
import { resolveImages } from '../../writing/choose-images.ts'
import { checkReport, createReport } from '../../writing/report.ts'
import { progressLines, settled, parseWaitOptions } from '../../writing/waiting.ts'
import type { WriteContext } from '../../writing/write-context.ts'
import type { WaitCommandOptions } from './options.ts'

/** `imago wait`: waits until no image is pending. An image that failed is an error with the provider's message. */
export const wait = async (
  words: readonly string[],
  options: WaitCommandOptions,
  context: WriteContext,
): Promise<ExitCode> => {
  const times = parseWaitOptions(options)
  checkReport(context, options)
  const images = await resolveImages(context, words, options)
  const report = await createReport(context, options)
  const waits = images.map(({ source, image }) =>
    settled(context, source, image.ref.id, times, progressLines(context, formatImageRef(image.ref)))(),
  )
  for (const wait of waits) {
    const result = await wait
    if (E.isLeft(result)) await report.failed(result.left)
    else report.image(result.right)
  }
  return report.end()
}
