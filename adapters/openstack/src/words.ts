import { architectures, operatingSystems } from '@imago/crosswalk'
import type { ProviderWords } from '@imago/provider-kit'

/** What Glance calls things: its `architecture`, and its `os_distro`, which is libosinfo's word where Glance's documentation has none. */
export const words: ProviderWords = {
  architectures: new Map(architectures.map(({ id, names }) => [id, names.glance])),
  operatingSystems: new Map(
    operatingSystems.map(({ id, glance, libosinfo }) => [
      id,
      [glance.word, ...glance.deprecated, libosinfo].filter((word) => word !== null),
    ]),
  ),
}
