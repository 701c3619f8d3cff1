import { createHash, randomFillSync } from 'node:crypto'
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** Writes random bytes, which cannot be compressed or skipped; returns their SHA-512. */
export const writeImage = (file, mebibytes) => {
  const hash = createHash('sha512')
  const block = Buffer.alloc(1 << 20)
  const to = openSync(file, 'w')
  for (let mebibyte = 0; mebibyte < mebibytes; mebibyte++) {
    hash.update(randomFillSync(block))
    writeSync(to, block)
  }
  closeSync(to)
  return hash.digest('hex')
}

/** Returns the SHA-512 of a file. */
export const computeDigest = async (file) => {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
