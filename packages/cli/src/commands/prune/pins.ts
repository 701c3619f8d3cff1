import type { Image } from '@imago/core'
import { readExistingLock, readStoredLock } from '../../lock/lock-store.ts'
import { LOCK_FILE_NAME } from '../../options/lock.ts'

/** Whether a lock file pins an image. A lock file named by the user must exist; the default one need not. */
export const readPins = async (file: string | undefined): Promise<(image: Image) => boolean> => {
  const lock = file === undefined ? (await readStoredLock(LOCK_FILE_NAME)).lock : await readExistingLock(file)
  const pins = new Set(
    lock.pins.map(({ provider, cloud, region, id }) => JSON.stringify([provider, cloud, region, id])),
  )
  return ({ ref: { provider, cloud, region, id } }) => pins.has(JSON.stringify([provider, cloud, region, id]))
}
