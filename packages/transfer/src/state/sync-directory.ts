import { open } from 'node:fs/promises'

/** So that the name of a new file outlasts a power cut. Not every system can do it. */
export const syncDirectory = async (dir: string): Promise<void> => {
  const handle = await open(dir, 'r').catch(() => null)
  if (handle === null) return
  await handle.sync().catch(() => undefined)
  await handle.close()
}
