import { toInstant } from '@imago/codec'
import { architectureOf } from '@imago/crosswalk'

/** Kernel name of Hetzner's word; a word that the crosswalk does not have yet is kept as it is. hcloud before v1.33 prints '' or nothing. */
export const toArchitecture = (word: string | null | undefined): string | null | undefined =>
  word === null || word === undefined || word === '' ? undefined : (architectureOf('hetzner', word)?.id ?? word)

/**
 * Hetzner opened its Arm servers on 2023-04-12, but prepared Arm images before: those with ids from 103907373 on, which then were already
 * there, were made in March 2023. So only what was made before that year is surely x86.
 */
const ONLY_X86_BEFORE = '2023-01-01T00:00:00Z'

export const architectureByAge = (created: string | null | undefined): string | undefined => {
  const createdAt = created === null || created === undefined ? undefined : toInstant(created)
  return createdAt !== undefined && createdAt < ONLY_X86_BEFORE ? 'x86_64' : undefined
}
