import type { AnyOf } from '@imago/core'
import { SELECTION_HEADING } from '../command-line/headings.ts'
import {
  either,
  flag,
  grouped,
  list,
  optional,
  type OptionDeclaration,
  type OptionDetails,
  type OptionsOf,
} from '../command-line/option.ts'

/** An option that matches any of its values when repeated. */
const anyValue = (
  placeholder: string,
  summary: string,
  details: OptionDetails = {},
): OptionDeclaration<AnyOf<string> | undefined> => list(placeholder, summary, details)

/** The options that select images, shared by all commands that select. A repeated option matches any of its values. */
export const selectionOptions = grouped(SELECTION_HEADING, {
  kind: anyValue('<kind>', 'select by kind: system, app, snapshot, backup, image'),
  os: anyValue('<distro>', 'select by distribution: ubuntu, debian, almalinux …'),
  osVersion: anyValue('<version>', 'select by version of the distribution: 24.04'),
  arch: anyValue('<arch>', 'select by architecture: x86_64, aarch64, or a provider’s name such as amd64'),
  status: anyValue('<status>', 'select by status: available, pending, unavailable, failed …'),
  visibility: anyValue('<visibility>', 'select by visibility: public, private, shared, community'),
  name: anyValue('<name>', 'select by exact name', { mayBeEmpty: true }),
  description: anyValue('<text>', 'select by exact description', { mayBeEmpty: true }),
  label: anyValue('<selector>', 'select by labels: env, !env, env=prod, "env in (a,b)"; a comma means AND'),
  tag: anyValue('<tag>', 'select by tag; a,b selects images with both'),
  property: anyValue('<condition>', 'select by property: key, !key, key=value, key!=value'),
  owner: anyValue('<project>', 'select images owned by this project'),
  mine: flag('select images owned by the project of the credentials'),
  olderThan: anyValue('<age>', 'select images created before this age or date: 30d, 12h, 2026-01-31'),
  newerThan: anyValue('<age>', 'select images created after this age or date: 30d, 12h, 2026-01-31'),
  unavailableBefore: anyValue('<time>', 'select images that become unavailable before this time: 90d, 2027-01-31'),
  deprecated: either('select images that the provider will withdraw', 'exclude images that the provider will withdraw'),
  hidden: optional('[only]', 'include hidden images; --hidden=only selects only hidden images', ['only']),
  digest: anyValue('<digest>', 'select by digest of the data: sha256:9f86…'),
  used: flag('select images that are known to be used'),
  unused: flag('select images that are known to be unused'),
  text: anyValue('<text>', 'select by part of the ID, name or description'),
})

/** Affects the usage that is read, and selects nothing. */
export const usageOptions = {
  allProjects: flag('count the use of images by all projects (requires an OpenStack administrator)'),
}

export type SelectionOptions = OptionsOf<typeof selectionOptions>

export const SELECTION_NAMES = Object.keys(selectionOptions) as readonly (keyof SelectionOptions)[]

/** Selects among images of the same name, for commands that take images by name. */
export const archOption = { arch: { ...selectionOptions.arch, group: null } }

/** The clouds that a command selects images in. */
export const cloudOption = {
  cloud: list('<name>', 'search this cloud (repeatable; default: all)', { completes: 'clouds' }),
}

/** The options of commands that change images, which are named or selected. */
export const changedImagesOptions = { ...cloudOption, ...selectionOptions, ...usageOptions }

export type ChangedImagesOptions = OptionsOf<typeof changedImagesOptions>
