/** Reads a requested number of bytes from a stream, however it is cut into chunks. */
export interface ByteReader {
  /** The next `length` bytes; fewer only at the end of the stream. The reader keeps no reference to them. */
  readonly take: (length: number) => Promise<Uint8Array>
  readonly close: () => Promise<void>
}

export const createByteReader = (bytes: AsyncIterable<Uint8Array>): ByteReader => {
  const source = bytes[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array(0)
  return {
    take: async (length) => {
      const parts: Uint8Array[] = []
      let missing = length
      for (;;) {
        const part = rest.subarray(0, missing)
        rest = rest.subarray(part.length)
        if (part.length > 0) parts.push(part)
        missing -= part.length
        if (missing === 0) break
        const result = await source.next()
        if (result.done === true) break
        rest = result.value
      }
      return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
    },
    close: async () => void (await source.return?.()),
  }
}
