import {
  choice,
  formatFlag,
  grouped,
  list,
  renamed,
  text,
  type OptionDeclaration,
  type OptionDeclarations,
} from '../command-line/option.ts'

export const VISIBILITIES = ['public', 'private', 'shared', 'community'] as const

/** The values that a user sets on an image, shared by all commands that create or change one. Options that only select have no `set` in their name. */
const overrides = {
  setName: text('<name>', 'set the name', { mayBeEmpty: true }),
  setDescription: text('<text>', 'set the description', { mayBeEmpty: true }),
  setArch: text('<arch>', 'set the architecture: x86_64, aarch64, or a provider’s name such as amd64'),
  setVisibility: choice('<visibility>', 'set who can see the image', VISIBILITIES),
  setLabel: list('<key=value>', 'add or change a label (repeatable)'),
  setTag: list('<tag>', 'add a tag (repeatable)'),
  setProperty: list('<key=value>', 'add or change a property (repeatable)'),
  minDisk: text('<size>', 'set the minimum disk size: 10GiB'),
  minRam: text('<size>', 'set the minimum memory: 512MiB'),
}

type OverrideName = keyof typeof overrides

/** Some of the overrides, and the command's own options, below one heading of the help. */
export const overrideOptions = <const N extends OverrideName, const D extends OptionDeclarations>(
  heading: string,
  names: readonly N[],
  own: D,
): { readonly [K in N]: (typeof overrides)[K] } & D =>
  grouped(heading, {
    ...(Object.fromEntries(names.map((name) => [name, overrides[name]])) as {
      readonly [K in N]: (typeof overrides)[K]
    }),
    ...own,
  })

/** The names of all overrides. */
export const OVERRIDES = Object.keys(overrides) as readonly OverrideName[]

const OLD_NAMES = {
  setName: 'name',
  setDescription: 'description',
  setArch: 'arch',
  setVisibility: 'visibility',
  setLabel: 'label',
  setTag: 'tag',
  setProperty: 'property',
} as const satisfies Partial<Record<OverrideName, string>>

type RenamedName = keyof typeof OLD_NAMES

/** The names without `set`, for commands that do not select: refused with an error that names the override. */
export const renamedOverrides = <const N extends RenamedName>(
  names: readonly N[],
): { readonly [K in N as (typeof OLD_NAMES)[K]]: OptionDeclaration<never> } =>
  Object.fromEntries(names.map((name) => [OLD_NAMES[name], renamed('<value>', formatFlag(name))])) as {
    readonly [K in N as (typeof OLD_NAMES)[K]]: OptionDeclaration<never>
  }
