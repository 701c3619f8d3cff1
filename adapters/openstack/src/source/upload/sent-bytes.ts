import type { ByteSource, UploadOptions } from '@imago/core/provider'
import { observeBytes } from '@imago/http'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { formatDigest, startHash, type RunningHash } from '../../bytes/hash.ts'

/** Size and digest of a completely sent source. */
export interface SentBytes {
  readonly size: number
  /** `null`: unknown, or not yet computed by the caller. */
  readonly digest: string | null
}

export interface MeasuredBytes {
  readonly bytes: ByteSource
  /** `null` if not all bytes were read. */
  readonly sent: () => SentBytes | null
  /** Number of bytes read since the source was last opened; `null` if it was never opened. */
  readonly count: () => number | null
}

/** The caller's digest, if it uses this Glance's algorithm; otherwise `null`, and the digest is computed here. */
const findCallerDigest = ({ digest }: UploadOptions, algorithm: string): (() => string | null) | null => {
  if (digest?.algorithm !== algorithm) return null
  return () => {
    const value = digest.value()
    return value === null ? null : formatDigest({ algorithm, value })
  }
}

/** Size and digest, if both are known before the source is read. */
export const predictSentBytes = ({ size }: ByteSource, algorithm: string, options: UploadOptions): SentBytes | null => {
  const digest = findCallerDigest(options, algorithm)?.() ?? null
  return size === null || digest === null ? null : { size, digest }
}

/** Counts and hashes a source while it is read. Reopening it restarts both. */
export const measureBytes = (source: ByteSource, algorithm: string, options: UploadOptions): MeasuredBytes => {
  const { onProgress } = options
  const callerDigest = findCallerDigest(options, algorithm)
  let maxReported = 0
  let size = 0
  let isOpen = false
  let hash: RunningHash | null = null
  let sent: SentBytes | null = null
  const onChunk = (chunk: Uint8Array): void => {
    size += chunk.length
    hash?.update(chunk)
    if (size <= maxReported) return
    maxReported = size
    // Bytes beyond the declared size are not sent.
    onProgress?.(Math.min(maxReported, source.size ?? maxReported))
  }
  const onEnd = (): void => {
    sent ??= { size, digest: callerDigest === null ? (hash?.digest() ?? null) : callerDigest() }
  }
  const start = (bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
    size = 0
    sent = null
    isOpen = true
    hash = callerDigest === null ? startHash(algorithm) : null
    return observeBytes(bytes, { onChunk, onEnd })
  }
  return {
    bytes: { size: source.size, open: (range, signal) => pipe(source.open(range, signal), TE.map(start)) },
    sent: () => {
      // With a declared size, Glance may respond before the source has ended.
      if (isOpen && size === source.size) onEnd()
      return sent
    },
    count: () => (isOpen ? size : null),
  }
}
