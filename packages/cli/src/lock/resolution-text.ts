import type { ConsideredImage } from '@imago/lock'
import { formatImageRef } from '@imago/provider-kit'

/** Formats why an image is refused: `wrong-arch (aarch64)`. Empty: it is not refused. */
export const refusalText = ({ refusals }: Pick<ConsideredImage, 'refusals'>): string =>
  refusals.map(({ reason, detail }) => `${reason} (${detail})`).join(', ')

/** Formats a candidate for a want in one line: its address, distinguishing fields, and why it is refused. */
export const candidateLine = ({ image, refusals }: ConsideredImage): string =>
  [
    formatImageRef(image.ref),
    image.name ?? image.description,
    image.architecture,
    image.createdAt,
    refusals.length === 0 ? null : refusalText({ refusals }),
  ]
    .filter((part) => part !== null && part !== '')
    .join('  ')
