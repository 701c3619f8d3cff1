import { architectureOf } from '@imago/crosswalk'
import { word } from './text.ts'

/** Kernel name for the property `architecture`; unknown values are kept. */
export const toArchitecture = (architecture: string | null | undefined): string | null | undefined => {
  const said = word(architecture)
  return said === null || said === undefined ? said : (architectureOf('glance', said)?.id ?? said)
}
