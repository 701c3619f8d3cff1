/** A view of the first `length` bytes. Missing bytes read as zero, as in QEMU, which pads the last sector. */
export const toView = (bytes: Uint8Array, length: number): DataView => {
  if (bytes.length >= length) return new DataView(bytes.buffer, bytes.byteOffset, length)
  const padded = new Uint8Array(length)
  padded.set(bytes)
  return new DataView(padded.buffer)
}

/** Whether `text`, one byte a character such as `QFI\xfb`, stands at `offset`. */
export const hasText = (bytes: Uint8Array, offset: number, text: string): boolean =>
  bytes.length >= offset + text.length &&
  [...text].every((character, index) => bytes[offset + index] === character.charCodeAt(0))

/** Each byte as one character. */
export const toLatin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

/** The bytes before the first zero byte, or all of them. */
export const beforeZero = (bytes: Uint8Array): Uint8Array => {
  const end = bytes.indexOf(0)
  return end === -1 ? bytes : bytes.subarray(0, end)
}
