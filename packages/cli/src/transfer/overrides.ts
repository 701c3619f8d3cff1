import type { Provider } from '@imago/provider-kit'
import type { TransferOverrides } from '@imago/transfer'
import { parseNewArchitecture } from '../listing/parse-vocabulary.ts'
import type { OverrideOptions } from '../options/transfer.ts'
import { parseSize, parseEntries } from '../writing/option-values.ts'

/** The context in which overrides are parsed. */
export interface OverrideContext {
  /** The name after the cloud, which takes precedence over `--set-name`. */
  readonly name: string | null
  /** The provider of the target; empty: a file. */
  readonly providers: readonly Provider[]
}

/** Parses the overrides of a transfer. */
export const parseOverrides = (options: OverrideOptions, { name, providers }: OverrideContext): TransferOverrides => ({
  name: name ?? options.setName,
  description: options.setDescription,
  sourceFormat: options.sourceFormat,
  compression: options.compression,
  archive: options.archive,
  member: options.member,
  diskFormat: options.diskFormat,
  architecture: options.setArch === undefined ? undefined : parseNewArchitecture(options.setArch, providers),
  visibility: options.setVisibility,
  protect: options.protect,
  minDisk: options.minDisk === undefined ? undefined : parseSize('--min-disk', options.minDisk),
  minRam: options.minRam === undefined ? undefined : parseSize('--min-ram', options.minRam),
  labels: options.setLabel === undefined ? undefined : parseEntries('--set-label', options.setLabel),
  tags: options.setTag,
  properties: options.setProperty === undefined ? undefined : parseEntries('--set-property', options.setProperty),
  store: options.store,
})
