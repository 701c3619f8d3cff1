import { architectureOf } from '@imago/crosswalk'
import { word } from './text.ts'

/** Kernel name of the property `architecture`; a word that the crosswalk does not have is kept as it is. */
export const toArchitecture = (architecture: string | null | undefined): string | null | undefined => {
  const said = word(architecture)
  return said === null || said === undefined ? said : (architectureOf('glance', said)?.id ?? said)
}
