import { architectures, operatingSystems } from '@imago/crosswalk'
import type { ProviderWords } from '@imago/provider-kit'

/** Glance's names of architectures and operating systems (`os_distro`); libosinfo's ID if Glance documents none. */
export const words: ProviderWords = {
  architectures: new Map(architectures.map(({ id, names }) => [id, names.glance])),
  operatingSystems: new Map(
    operatingSystems.map(({ id, glance, libosinfo }) => [
      id,
      [glance.word, ...glance.deprecated, libosinfo].filter((word) => word !== null),
    ]),
  ),
}
