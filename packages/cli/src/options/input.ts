import { text, type OptionsOf } from '../command-line/option.ts'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'

export const providerOption = {
  provider: text('<name>', 'read every record as this provider’s', { completes: 'providers' }),
}

/** The options of every command that reads saved images as images of a cloud. */
export const inputOptions = {
  ...providerOption,
  cloud: text('<name>', 'the name to give to the cloud the images come from'),
  region: text('<name>', 'the region to give to the images'),
}

export type InputOptions = OptionsOf<typeof inputOptions>

/** The argument of every command that reads saved images. */
export const SAVED_IMAGES = 'saved images: JSON, NDJSON or YAML, also gzip or zstd; - is standard input'

/** Nobody types a dump by hand: with no file and a terminal for input, what is missing is an error. */
export const checkInput = (files: readonly string[], stdin: Pick<NodeJS.ReadStream, 'isTTY'>): void => {
  if (files.length === 0 && stdin.isTTY)
    throw new Problem('no input: name a file of saved images, or pipe them in', EXIT.usage)
}
