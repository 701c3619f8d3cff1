import { Worker } from 'node:worker_threads'
import { createHasher, toOpensslName } from './digest.ts'

/** Digests of several algorithms that are being computed of the same bytes. */
export interface RunningHashes {
  /** Wait for it before the next chunk. The chunk is the caller's again then. */
  readonly write: (chunk: Uint8Array) => Promise<void>
  /** Of all that was written: by algorithm as it was asked for, in lower-case hex. Ends it. */
  readonly digests: () => Promise<Readonly<Record<string, string>>>
  /** Ends it without a result. Harmless after the end. */
  readonly close: () => void
}

/** Computes where it is called. */
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
/** One is filled, one is hashed, and two are on their way. */
const SLABS = 4

/** What goes to the worker: a slab and how much of it is filled; `null`: that was all. What comes back: a slab that is free again, or the digests. */
type Sent = { readonly slab: ArrayBuffer; readonly length: number } | null
type Received = ArrayBuffer | readonly string[]

/** Text, since neither a bundler nor a test runner then has to know of another entry point. */
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
 * Computes in a thread of its own, so that receiving, inspecting and writing go on meanwhile: a gibibyte of SHA-512 takes seconds. Bytes are copied
 * into a few slabs, which go there and come back. Throws on an algorithm that is not known: see `isKnownDigest`.
 */
export const createWorkerHashes = (asked: readonly string[]): RunningHashes => {
  const algorithms = [...new Set(asked)]
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
  worker.on('exit', () => result ?? failed(new Error('the thread that computes digests has ended')))

  /** What `look` finds, as soon as it finds something. */
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
      for (let from = 0; from < chunk.length; ) {
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

/** Fewer bytes are hashed before a thread has started. */
const ASIDE_BYTES = 32 * 2 ** 20

/** Computes where it takes less time. `size`: of all the bytes; `null`: not known. */
export const startHashes = (algorithms: readonly string[], size: number | null): RunningHashes => (algorithms.length === 0 || (size !== null && size < ASIDE_BYTES) ? createInlineHashes : createWorkerHashes)(algorithms)
