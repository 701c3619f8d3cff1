import type { DumpOptions, ImageReader } from '@imago/core'
import { readers as bundled } from 'imago'
import { parseChoice } from '../command-line/choice.ts'
import type { InputOptions } from '../options/input.ts'

/** The options for reading saved images. `readers`: the readers of all providers. */
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
