import { findArchitectureByName } from '@imago/crosswalk'
import { word } from './text.ts'

/** Kernel name for the property `architecture`; unknown values are kept. */
export const toArchitecture = (architecture: string | null | undefined): string | null | undefined => {
  const value = word(architecture)
  return value === null || value === undefined ? value : (findArchitectureByName('glance', value)?.id ?? value)
}
