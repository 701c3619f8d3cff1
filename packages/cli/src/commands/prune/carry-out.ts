import type { ImageError, ImageSource } from '@imago/core'
import type { PruneOptions as PlanOptions } from '@imago/lifecycle'
import { formatCloud } from '@imago/provider-kit'
import type { LiveContext } from '../../live.ts'
import { printError, printMessage } from '../../message.ts'
import { describeImage } from '../../resolve-image.ts'
import { reportRemaining } from '../../writing/remaining.ts'
import { deleteImages, type DeleteOutcome } from './delete-images.ts'
import { describeReasons, type PrunedImage } from './rows.ts'

/** The decisions on the images of one cloud. */
export interface CloudPlan {
  readonly source: ImageSource
  readonly options: PlanOptions
  readonly images: PrunedImage[]
}

export const isPlanned = ({ result }: PrunedImage): boolean => result === 'planned'

export const isDeleted = ({ result }: PrunedImage): boolean => result === 'deleted'

const reportOutcome = (live: LiveContext, { row: { image } }: PrunedImage, outcome: DeleteOutcome): void => {
  const name = describeImage(image)
  switch (outcome.result) {
    case 'deleted':
      printMessage(live.messages, `deleted ${name}`)
      return reportRemaining(live, image, true)
    case 'kept':
      return printMessage(
        live.messages,
        outcome.row === null
          ? `skipped ${name}: it no longer exists, or is no longer selected`
          : `kept ${name}: now ${describeReasons(outcome.row)}`,
      )
    case 'failed':
      return printError(live.messages, outcome.error)
  }
}

const reportUnread = ({ messages }: LiveContext, { cloud }: ImageSource, reason: string): void =>
  printMessage(
    messages,
    `imago: ${formatCloud(cloud)}: the remaining images were kept, because images and usage cannot be read again before deletion: ${reason}`,
  )

/** The failures of a deletion. */
export interface CarriedOut {
  readonly errors: readonly ImageError[]
  /** Number of clouds whose images or usage could not be read again. Their remaining images are still `planned`. */
  readonly unread: number
}

/** Deletes the planned images, cloud by cloud, and records the outcome of each. */
export const carryOut = async (live: LiveContext, plans: readonly CloudPlan[]): Promise<CarriedOut> => {
  const errors: ImageError[] = []
  let unread = 0
  for (const { source, options, images } of plans) {
    const planned = images.filter(isPlanned).map(({ row }) => row.image)
    for await (const step of deleteImages(live, source, planned, options)) {
      if (step.image === null) {
        unread++
        reportUnread(live, source, step.reason)
        await live.messages.end()
        continue
      }
      const { image, outcome } = step
      const at = images.findIndex(({ row }) => row.image === image)
      const pruned = images[at]
      if (pruned === undefined) continue
      images[at] = {
        ...pruned,
        row: outcome.result === 'kept' && outcome.row !== null ? outcome.row : pruned.row,
        result: outcome.result,
      }
      if (outcome.result === 'failed') errors.push(outcome.error)
      reportOutcome(live, pruned, outcome)
      await live.messages.end()
    }
  }
  return { errors, unread }
}
