/** The first `length` bytes as a view; what is not there reads as zero, as it does in QEMU, which fills the last sector up. */
export const viewOf = (bytes: Uint8Array, length: number): DataView => {
  if (bytes.length >= length) return new DataView(bytes.buffer, bytes.byteOffset, length)
  const filled = new Uint8Array(length)
  filled.set(bytes)
  return new DataView(filled.buffer)
}

/** `text` is of single bytes, as `QFI\xfb`. */
export const hasAt = (bytes: Uint8Array, offset: number, text: string): boolean =>
  bytes.length >= offset + text.length && [...text].every((character, index) => bytes[offset + index] === character.charCodeAt(0))

/** Each byte one character. */
export const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

/** Up to, not including, the first zero byte. */
export const untilZero = (bytes: Uint8Array): Uint8Array => {
  const end = bytes.indexOf(0)
  return end === -1 ? bytes : bytes.subarray(0, end)
}
