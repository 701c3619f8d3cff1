import { type DumpOptions, type Image } from '@imago/core'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { LiveContext } from '../live.ts'
import { outcomeToExitCode, readImages } from '../read-images.ts'

/** The images of a file. */
export interface ObservedFile {
  readonly images: readonly Image[]
  /** Whether every record of the file was read. */
  readonly isComplete: boolean
  readonly exitCode: ExitCode
}

/** Reads all saved images of a file. What could not be read is reported. */
export const observeFile = async (live: LiveContext, file: string): Promise<ObservedFile> => {
  const images: Image[] = []
  const options: DumpOptions = { readers: live.providers.map(({ reader }) => reader) }
  const outcome = await readImages(
    [file],
    options,
    { image: (image) => void images.push(image), flush: () => Promise.resolve() },
    live.messages,
  )
  const exitCode = outcomeToExitCode(outcome)
  return { images, isComplete: exitCode === EXIT.done, exitCode }
}
