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

/** What a user sets on an image, the same for all commands that make or change one. What only selects has no `set` in its name. */
const overrides = {
  setName: text('<name>', 'name'),
  setDescription: text('<text>', 'description'),
  setArch: text('<word>', 'architecture: x86_64, aarch64, or a provider’s name of it, as amd64'),
  setVisibility: choice('<who>', 'who can see it', VISIBILITIES),
  setLabel: list('<key=value>', 'label (repeatable); other labels are kept'),
  setTag: list('<tag>', 'tag (repeatable); other tags are kept'),
  setProperty: list('<key=value>', 'property (repeatable); other properties are kept'),
  minDisk: text('<size>', 'the disk it needs: 10GiB'),
  minRam: text('<size>', 'the memory it needs: 512MiB'),
}

type OverrideName = keyof typeof overrides

/** Some of the overrides, with what only this command sets, below one heading. */
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

/** All of them. */
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

/** The names that overrides had at first, of commands that do not select by them: refused, with the new name. */
export const renamedOverrides = <const N extends RenamedName>(
  names: readonly N[],
): { readonly [K in N as (typeof OLD_NAMES)[K]]: OptionDeclaration<never> } =>
  Object.fromEntries(names.map((name) => [OLD_NAMES[name], renamed('<value>', formatFlag(name))])) as {
    readonly [K in N as (typeof OLD_NAMES)[K]]: OptionDeclaration<never>
  }
