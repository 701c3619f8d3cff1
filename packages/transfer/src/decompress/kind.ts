/** The supported compression formats. */
export const COMPRESSION_KINDS = ['gzip', 'xz', 'zstd', 'bzip2'] as const
export type CompressionKind = (typeof COMPRESSION_KINDS)[number]

/** In bytes: as much of the beginning as `detectCompression` needs. */
export const COMPRESSION_HEAD_LENGTH = 10

const startsWith = (bytes: Uint8Array, magic: readonly number[], from = 0): boolean =>
  magic.every((byte, index) => bytes[from + index] === byte)

/** The magic of a first block, or of the end of an empty stream. */
const isBzip2Block = (bytes: Uint8Array): boolean =>
  startsWith(bytes, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], 4) ||
  startsWith(bytes, [0x17, 0x72, 0x45, 0x38, 0x50, 0x90], 4)

/** The compression of bytes, by their first ten; `null`: none of these. */
export const detectCompression = (first: Uint8Array): CompressionKind | null => {
  // The third byte is the method, always deflate (RFC 1952, 2.3.1).
  if (startsWith(first, [0x1f, 0x8b, 0x08])) return 'gzip'
  if (startsWith(first, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) return 'xz'
  // A frame or a skippable frame (RFC 8878, 3.1).
  if (
    startsWith(first, [0x28, 0xb5, 0x2f, 0xfd]) ||
    (startsWith(first, [0x2a, 0x4d, 0x18], 1) && ((first[0] ?? 0) & 0xf0) === 0x50)
  )
    return 'zstd'
  const level = first[3] ?? 0
  return startsWith(first, [0x42, 0x5a, 0x68]) && level >= 0x31 && level <= 0x39 && isBzip2Block(first) ? 'bzip2' : null
}
