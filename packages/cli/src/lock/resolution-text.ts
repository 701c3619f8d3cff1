import type { ConsideredImage } from '@imago/lock'
import { formatImageRef } from '@imago/provider-kit'

/** Why an image is not used: `wrong-arch: aarch64`. Empty: nothing speaks against it. */
export const refusalText = ({ refusals }: Pick<ConsideredImage, 'refusals'>): string =>
  refusals.map(({ reason, detail }) => `${reason} (${detail})`).join(', ')

/** An image that fits a want, in one line: its address, what tells it from others, and why it is not used. */
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
