import type { DumpOptions } from '@imago/core'
import type { InputOptions } from '../options/input.ts'
import { readers } from '../readers.ts'

/** How saved images are to be read, as the options say. */
export const dumpOptions = ({ provider, cloud, region }: InputOptions): DumpOptions => ({
  readers,
  ...(provider === undefined ? {} : { provider }),
  ...(cloud === undefined ? {} : { cloud }),
  ...(region === undefined ? {} : { region }),
})
