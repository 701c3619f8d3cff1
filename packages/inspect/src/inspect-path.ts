import { open } from 'node:fs/promises'
import { inspectBySeeking } from './by-seeking.ts'
import type { Inspection } from './inspection.ts'

/**
 * Inspects a file by its head, its tail and its tables: those, too, that a stream has passed before they are known of, as the L2 tables of a preallocated qcow2.
 * Throws what the file system does.
 */
export const inspectPath = async (path: string): Promise<Inspection> => {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    return await inspectBySeeking(async (start, end) => {
      const buffer = new Uint8Array(end - start)
      let filled = 0
      while (filled < buffer.length) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
      return buffer.subarray(0, filled)
    }, size)
  } finally {
    await handle.close()
  }
}
