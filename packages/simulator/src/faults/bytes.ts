import { Transform, type TransformCallback } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** Lets so many bytes through, then calls `atEnd` once and lets nothing more through. */
export const cutAfter = (bytes: number, atEnd: (stream: Transform) => void): Transform => {
  let left = bytes
  return new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
      const part = chunk.subarray(0, left)
      left -= part.length
      if (part.length > 0) this.push(part)
      if (left > 0) return done()
      // `done` is not called: no more is asked of the source, and its end does not end this stream.
      // What was pushed must leave first.
      setImmediate(() => atEnd(this))
    },
  })
}

/** Lets bytes through at a pace, ten portions a second. */
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
