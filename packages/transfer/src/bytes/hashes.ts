import { releaseChunk, createChunkPool, retainChunk } from '@imago/http'
import { Worker } from 'node:worker_threads'
import { createHasher, toOpensslName } from './digest.ts'

/** A computation of several digests of the same bytes. */
export interface RunningHashes {
  /** Takes a chunk. Await it before the next call; the chunk may be reused then, or, if it is of a pool, released. */
  readonly write: (chunk: Uint8Array) => Promise<void>
  /** Ends the computation and returns the digests by the requested algorithm, in lower-case hex. */
  readonly digests: () => Promise<Readonly<Record<string, string>>>
  /** Ends the computation without a result. It may be called after `digests`. */
  readonly close: () => void
}

/** Computes digests in the calling thread. */
export const createInlineHashes = (algorithms: readonly string[]): RunningHashes => {
  const hashes = [...new Set(algorithms)].map((algorithm) => [algorithm, createHasher(algorithm)] as const)
  return {
    write: async (chunk) => {
      for (const [, hash] of hashes) hash.update(chunk)
    },
    digests: async () => Object.fromEntries(hashes.map(([algorithm, hash]) => [algorithm, hash.digest('hex')])),
    close: () => undefined,
  }
}

const SLAB_BYTES = 2 ** 20
/** Chunks in the thread's queue: one is hashed, and the others are ready when it is done. */
const MAX_QUEUED = 4

/** Messages to the worker: bytes, or `null` at the end. Messages from the worker: `null` when it has hashed the oldest bytes, or the digests. */
type Sent = Pick<Uint8Array, 'buffer' | 'byteOffset' | 'length'> | null
type Received = readonly string[] | null

/** As text, so that bundlers and test runners need not know another entry point. */
const PROGRAM = `
const { createHash } = require('node:crypto')
const { parentPort, workerData } = require('node:worker_threads')
const hashes = workerData.map((name) => createHash(name))
parentPort.on('message', (sent) => {
  if (sent === null) {
    parentPort.postMessage(hashes.map((hash) => hash.digest('hex')))
    parentPort.close()
    return
  }
  const bytes = new Uint8Array(sent.buffer, sent.byteOffset, sent.length)
  for (const hash of hashes) hash.update(bytes)
  parentPort.postMessage(null)
})
`

/**
 * Computes digests in a worker thread, in parallel with receiving, inspecting and writing: SHA-512 of 1 GiB takes seconds. The thread reads chunks
 * of a pool where they are, and retains them meanwhile; others are copied into a pool. Throws `TypeError` if an algorithm is not supported: see
 * `isKnownDigest`.
 */
export const createWorkerHashes = (requested: readonly string[]): RunningHashes => {
  const algorithms = [...new Set(requested)]
  for (const algorithm of algorithms) createHasher(algorithm)
  const worker = new Worker(PROGRAM, { eval: true, workerData: algorithms.map(toOpensslName), env: {}, execArgv: [] })
  const slabs = createChunkPool(SLAB_BYTES)
  /** Chunks that the thread reads, oldest first. */
  const queue: Uint8Array[] = []
  let slab: Buffer | null = null
  let length = 0
  let result: readonly string[] | null = null
  let failure: Error | null = null
  let wake: () => void = () => undefined

  const received = (message: Received): void => {
    if (message === null) releaseChunk(queue.shift())
    else result = message
    wake()
  }
  const failed = (error: Error): void => {
    failure ??= error
    wake()
  }
  worker.on('message', received)
  worker.on('error', failed)
  worker.on('exit', () => result ?? failed(new Error('the thread that computes digests ended early')))

  /** Waits until `look` finds something, and returns it. */
  const until = async <A>(look: () => A | null): Promise<A> => {
    for (;;) {
      const found = look()
      if (found !== null) return found
      if (failure !== null) throw failure
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const post = (sent: Sent): void => worker.postMessage(sent, [])
  /** Passes the first `size` bytes of a chunk to the thread. The chunk is released when they are hashed. */
  const hash = async (chunk: Uint8Array, size: number): Promise<void> => {
    await until(() => (queue.length < MAX_QUEUED ? true : null))
    queue.push(chunk)
    post({ buffer: chunk.buffer, byteOffset: chunk.byteOffset, length: size })
  }
  const sendSlab = async (): Promise<void> => {
    if (slab !== null) await hash(slab, length)
    slab = null
    length = 0
  }
  const copy = async (chunk: Uint8Array): Promise<void> => {
    for (let from = 0; from < chunk.length;) {
      slab ??= slabs.take()
      const count = Math.min(chunk.length - from, SLAB_BYTES - length)
      slab.set(chunk.subarray(from, from + count), length)
      from += count
      length += count
      if (length === SLAB_BYTES) await sendSlab()
    }
  }

  return {
    write: async (chunk) => {
      if (!retainChunk(chunk)) return copy(chunk)
      await sendSlab()
      return hash(chunk, chunk.length)
    },
    digests: async () => {
      await sendSlab()
      post(null)
      const values = await until(() => result)
      return Object.fromEntries(algorithms.map((algorithm, index) => [algorithm, values[index] ?? '']))
    },
    close: () => void worker.terminate(),
  }
}

/** In bytes: less is hashed faster than a thread starts. */
const WORKER_BYTES = 32 * 2 ** 20

/**
 * Starts computing digests, in a worker thread if that is faster.
 * @param size of all bytes; `null`: unknown.
 */
export const startHashes = (algorithms: readonly string[], size: number | null): RunningHashes =>
  (algorithms.length === 0 || (size !== null && size < WORKER_BYTES) ? createInlineHashes : createWorkerHashes)(
    algorithms,
  )
