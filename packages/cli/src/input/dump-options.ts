import type { DumpOptions, ImageReader } from '@imago/core'
import { readers as bundled } from 'imago'
import { parseChoice } from '../listing/words.ts'
import type { InputOptions } from '../options/input.ts'

/** How saved images are to be read, as the options say. `readers`: those of all providers that there are. */
export const dumpOptions = (
  { provider, cloud, region }: InputOptions,
  readers: readonly ImageReader[] = bundled,
): DumpOptions => ({
  readers,
  ...(provider === undefined
    ? {}
    : {
        provider: parseChoice(
          '--provider',
          provider,
          readers.map((one) => one.provider),
        ),
      }),
  ...(cloud === undefined ? {} : { cloud }),
  ...(region === undefined ? {} : { region }),
})
