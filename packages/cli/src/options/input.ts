import { text, type OptionsOf } from '../command-line/option.ts'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'

export const providerOption = {
  provider: text('<name>', 'treat all records as records of this provider (default: detected)', {
    completes: 'providers',
  }),
}

/** The options of every command that maps saved images. */
export const inputOptions = {
  ...providerOption,
  cloud: text('<name>', 'set the cloud of saved images'),
  region: text('<name>', 'set the region of saved images'),
}

export type InputOptions = OptionsOf<typeof inputOptions>

/** The argument of every command that reads saved images. */
export const SAVED_IMAGES = 'saved images: JSON, NDJSON or YAML, also gzip or zstd; - is standard input'

/**
 * Without a file, a terminal as standard input is an error, because dumps are not typed by hand. With a file, `stdin` is not read, because Node then opens
 * it.
 */
export const checkInput = (
  files: readonly string[],
  process: { readonly stdin: Pick<NodeJS.ReadStream, 'isTTY'> },
): void => {
  if (files.length === 0 && process.stdin.isTTY)
    throw new Problem('no input: name a file of saved images, or pipe images to standard input', EXIT.usage)
}
