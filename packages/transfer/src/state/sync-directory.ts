import { open } from 'node:fs/promises'

/** Syncs a directory, so that a new file survives a power failure. Not every system supports this. */
export const syncDirectory = async (dir: string): Promise<void> => {
  const handle = await open(dir, 'r').catch(() => null)
  if (handle === null) return
  await handle.sync().catch(() => undefined)
  await handle.close()
}
