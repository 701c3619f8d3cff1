import { matchesConditions, parseLabelSelector, type FieldName, type Image } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { fitsGlob } from './glob.ts'
import { nameWords, splitWords } from './name-words.ts'
import type { Want } from './want.ts'

/** `exact`: all wanted values are equal. `prefix`: its version begins with the wanted one. */
export type Fit = 'exact' | 'prefix'

const fitVersion = (wanted: string | null, version: string | null): Fit | null => {
  if (wanted === null || wanted === version) return 'exact'
  return version?.startsWith(`${wanted}.`) === true ? 'prefix' : null
}

/**
 * Creates a function that returns how an image fits a want; `null`: it does not. Ignores the architecture, because images with another one are refused with that
 * reason.
 */
export const createFit = (want: Want): ((image: Image) => Fit | null) => {
  const exactIf = (fits: (image: Image) => boolean) => (image: Image) => (fits(image) ? 'exact' : null)
  switch (want.by) {
    case 'os': {
      const { distro, version, variant } = want
      const words = variant === null ? [] : splitWords(variant)
      return (image) => {
        if (image.os.distro !== distro) return null
        const fit = fitVersion(version, image.os.version)
        if (fit === null || words.length === 0) return fit
        const named = nameWords(image)
        return words.every((word) => named.includes(word)) ? fit : null
      }
    }
    case 'name':
      return exactIf(({ name }) => name !== null && fitsGlob(want.glob, name))
    case 'label': {
      const conditions = parseLabelSelector(want.selector)
      return exactIf(({ labels }) => E.isRight(conditions) && matchesConditions(conditions.right, labels))
    }
    case 'tag':
      return exactIf(({ tags }) => tags.includes(want.tag))
    case 'id':
      return exactIf(({ ref }) => ref.id === want.id)
    case 'digest':
      return exactIf(({ digests }) =>
        digests.some(({ algorithm, value }) => algorithm === want.algorithm && value.toLowerCase() === want.value),
      )
  }
}

/** The fields that a want depends on. */
export const listRequiredFields = (want: Want, architecture: string | null): readonly FieldName[] => {
  const ofArchitecture: readonly FieldName[] = architecture === null ? [] : ['architecture']
  switch (want.by) {
    case 'os':
      return ['os.distro', ...(want.version === null ? [] : ['os.version' as const]), ...ofArchitecture]
    case 'name':
      return ['name', ...ofArchitecture]
    case 'label':
      return ['labels', ...ofArchitecture]
    case 'tag':
      return ['tags', ...ofArchitecture]
    case 'id':
      return ['ref.id', ...ofArchitecture]
    case 'digest':
      return ['digests', ...ofArchitecture]
  }
}
