import { listAll, type ImageSource } from '@imago/core/provider'
import { getIds, must } from './check.ts'

/** Returns the IDs of all images, hidden ones included, sorted. */
export const listImageIds = async (source: ImageSource): Promise<readonly string[]> =>
  getIds((await must(listAll(source, { hidden: 'include' }))).items).toSorted()

/** Returns the kind and ID of each orphaned resource, sorted. Empty if the source cannot list them. */
export const listOrphanIds = async (source: ImageSource): Promise<readonly string[]> =>
  source.orphans === undefined ? [] : (await must(source.orphans())).map(({ kind, id }) => `${kind} ${id}`).toSorted()
