import { Worker } from 'node:worker_threads'
import { createHasher, toOpensslName } from './digest.ts'

/** A computation of several digests of the same bytes. */
export interface RunningHashes {
  /** Takes a chunk. Await it before the next call; the chunk may be reused then. */
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
/** One is filled, one is hashed, and two are in transit. */
const SLABS = 4

/** Messages to the worker: a slab and its filled length, or `null` at the end. Messages from the worker: a free slab, or the digests. */
type Sent = { readonly slab: ArrayBuffer; readonly length: number } | null
type Received = ArrayBuffer | readonly string[]

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
  const bytes = new Uint8Array(sent.slab, 0, sent.length)
  for (const hash of hashes) hash.update(bytes)
  parentPort.postMessage(sent.slab, [sent.slab])
})
`

/**
 * Computes digests in a worker thread, in parallel with receiving, inspecting and writing: SHA-512 of 1 GiB takes seconds. Bytes are copied
 * into a few slabs, which are transferred to the worker and back. Throws `TypeError` if an algorithm is not supported: see `isKnownDigest`.
 */
export const createWorkerHashes = (requested: readonly string[]): RunningHashes => {
  const algorithms = [...new Set(requested)]
  for (const algorithm of algorithms) createHasher(algorithm)
  const worker = new Worker(PROGRAM, { eval: true, workerData: algorithms.map(toOpensslName), env: {}, execArgv: [] })
  const free = Array.from({ length: SLABS }, () => new ArrayBuffer(SLAB_BYTES))
  let slab: ArrayBuffer | null = null
  let length = 0
  let result: readonly string[] | null = null
  let failure: Error | null = null
  let wake: () => void = () => undefined

  const received = (message: Received): void => {
    if (message instanceof ArrayBuffer) free.push(message)
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
  const until = async <A>(look: () => A | null | undefined): Promise<A> => {
    for (;;) {
      const found = look()
      if (found !== null && found !== undefined) return found
      if (failure !== null) throw failure
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const post = (sent: Sent): void => worker.postMessage(sent, sent === null ? [] : [sent.slab])
  const send = (): void => {
    if (slab !== null && length > 0) post({ slab, length })
    slab = null
    length = 0
  }

  return {
    write: async (chunk) => {
      for (let from = 0; from < chunk.length;) {
        slab ??= await until(() => free.pop())
        const count = Math.min(chunk.length - from, SLAB_BYTES - length)
        new Uint8Array(slab, length, count).set(chunk.subarray(from, from + count))
        from += count
        length += count
        if (length === SLAB_BYTES) send()
      }
    },
    digests: async () => {
      send()
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
