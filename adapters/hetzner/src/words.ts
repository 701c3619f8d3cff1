import { architectures, operatingSystems } from '@imago/crosswalk'
import type { ProviderWords } from '@imago/provider-kit'

/** Hetzner's words for architectures and operating systems (`os_flavor`). */
export const words: ProviderWords = {
  architectures: new Map(architectures.map(({ id, names }) => [id, names.hetzner])),
  operatingSystems: new Map(operatingSystems.map(({ id, hetzner }) => [id, hetzner === null ? [] : [hetzner]])),
}
