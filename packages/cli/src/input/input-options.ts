import type { DumpOptions } from '@imago/core'
import { readers } from '../readers.ts'

/** The options of every command that reads saved images. */
export interface InputOptions {
  readonly provider?: string
  readonly cloud?: string
  readonly region?: string
}

export const dumpOptions = ({ provider, cloud, region }: InputOptions): DumpOptions => ({
  readers,
  ...(provider === undefined ? {} : { provider }),
  ...(cloud === undefined ? {} : { cloud }),
  ...(region === undefined ? {} : { region }),
})
