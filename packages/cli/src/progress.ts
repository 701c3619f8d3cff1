import type { Input } from './input/open.ts'
import { formatSize } from './output/size.ts'
import type { Output } from './output/stream.ts'

/** Shows progress on a terminal, after a second. */
export interface Progress {
  readonly update: (images: number) => void
  /** Clears the line for a message. The next update draws it again. */
  readonly pause: () => void
}

const SILENT: Progress = { update: () => undefined, pause: () => undefined }
const PATIENCE_MS = 1000

/** Creates a progress line with the bytes read, their share if the size is known, and the images. */
export const createProgress = async (input: Input, messages: Output): Promise<Progress> => {
  if (!messages.isTerminal) return SILENT
  const { default: progress } = await import('cli-progress')
  const known = input.size !== null && input.size > 0
  const bar = new progress.SingleBar({
    format: known
      ? '{bar} {percentage} % of {size}, {images} images, {eta_formatted} to go'
      : '{bytes}, {images} images',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  })
  const started = Date.now()
  let drawn = false
  return {
    update: (images) => {
      if (Date.now() - started < PATIENCE_MS) return
      const payload = { images, bytes: formatSize(input.bytesRead()), size: formatSize(input.size ?? 0) }
      if (!drawn) bar.start(known ? (input.size ?? 0) : 0, input.bytesRead(), payload)
      drawn = true
      bar.update(input.bytesRead(), payload)
    },
    pause: () => {
      if (drawn) bar.stop()
      drawn = false
    },
  }
}
