import type { AnyOf } from '@imago/core'
import {
  either,
  flag,
  grouped,
  list,
  optional,
  type OptionDeclaration,
  type OptionsOf,
} from '../command-line/option.ts'

/** An option that, repeated, means any of its values. */
const anyOf = (placeholder: string, summary: string): OptionDeclaration<AnyOf<string> | undefined> =>
  list(placeholder, summary)

/** The options that select images, the same for all commands that select. One that is repeated means any of its values. */
export const selectionOptions = grouped('Selection (repeat an option for either):', {
  kind: anyOf('<word>', 'system, app, snapshot, backup, image'),
  os: anyOf('<id>', 'distribution: ubuntu, debian, almalinux …'),
  osVersion: anyOf('<version>', 'its version, as 24.04'),
  arch: anyOf('<word>', 'architecture: x86_64, aarch64, or a provider’s name of it, as amd64'),
  status: anyOf('<word>', 'available, pending, unavailable, failed …'),
  visibility: anyOf('<word>', 'public, private, shared, community'),
  name: anyOf('<name>', 'exactly this name'),
  description: anyOf('<text>', 'exactly this description'),
  label: anyOf('<selector>', 'labels: env, !env, env=prod, env!=prod, "env in (a,b)"; comma = and'),
  tag: anyOf('<tag>', 'with this tag; a,b = both'),
  property: anyOf('<condition>', 'a property: key, !key, key=value, key!=value'),
  owner: anyOf('<project>', 'owned by this project'),
  mine: flag('owned by the project of these credentials'),
  olderThan: anyOf('<age>', 'created before: 30d, 12h, or a date'),
  newerThan: anyOf('<age>', 'created after: 30d, 12h, or a date'),
  deprecated: either('only those that the provider will withdraw', 'only those that it will not'),
  hidden: optional('[only]', 'hidden ones too; or nothing else', ['only']),
  text: anyOf('<text>', 'with this text in ID, name or description'),
})

export type SelectionOptions = OptionsOf<typeof selectionOptions>

export const SELECTION_NAMES = Object.keys(selectionOptions) as readonly (keyof SelectionOptions)[]

/** Which of the images of one name is meant, for commands that take images by name. */
export const archOption = { arch: { ...selectionOptions.arch, group: null } }
