import { Transform, type TransformCallback } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** Passes this many bytes through, then calls `atEnd` once and passes nothing more. */
export const cutAfter = (bytes: number, atEnd: (stream: Transform) => void): Transform => {
  let left = bytes
  return new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
      const part = chunk.subarray(0, left)
      left -= part.length
      if (part.length > 0) this.push(part)
      if (left > 0) return done()
      // `done` is not called, so no more data is requested and the source's end does not end this stream.
      // The last bytes must be flushed first.
      setImmediate(() => atEnd(this))
    },
  })
}

/** Passes bytes at a fixed rate, in ten portions per second. */
export const slowed = (bytesPerSecond: number): Transform => {
  const portion = Math.max(1, Math.floor(bytesPerSecond / 10))
  const pass = async (stream: Transform, chunk: Buffer): Promise<void> => {
    for (let at = 0; at < chunk.length && !stream.destroyed; at += portion) {
      await sleep((1000 * Math.min(portion, chunk.length - at)) / bytesPerSecond)
      stream.push(chunk.subarray(at, at + portion))
    }
  }
  return new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
      pass(this, chunk).then(() => done(), done)
    },
  })
}
