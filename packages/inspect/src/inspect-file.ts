import { open } from 'node:fs/promises'
import { inspectRanges } from './inspect-ranges.ts'
import type { Inspection } from './inspection.ts'

/** Inspects a file as `inspectRanges` does. Rejects with the error of the file system (`ENOENT`, `EACCES` …). */
export const inspectFile = async (path: string): Promise<Inspection> => {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    return await inspectRanges(async (start, end) => {
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
