import { toInstant } from '@imago/codec'
import { findArchitectureByName } from '@imago/crosswalk'

/** The kernel's name for Hetzner's word. Words that are not in the crosswalk stay unchanged. hcloud before v1.33 prints '' or nothing. */
export const toArchitecture = (word: string | null | undefined): string | null | undefined =>
  word === null || word === undefined || word === '' ? undefined : (findArchitectureByName('hetzner', word)?.id ?? word)

/**
 * Hetzner launched Arm servers on 2023-04-12, and prepared Arm images before: those with IDs from 103907373 on were created in March 2023.
 * So only images created before that year are surely x86.
 */
const ONLY_X86_BEFORE = '2023-01-01T00:00:00Z'

export const architectureByAge = (created: string | null | undefined): string | undefined => {
  const createdAt = created === null || created === undefined ? undefined : toInstant(created)
  return createdAt !== undefined && createdAt < ONLY_X86_BEFORE ? 'x86_64' : undefined
}
