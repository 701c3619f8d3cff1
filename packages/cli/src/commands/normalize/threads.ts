import { availableParallelism } from 'node:os'
import type { LineReader } from '../../input/line-reader.ts'
import type { ReadLines } from '../../read-images.ts'
import type { Block, BlockResult } from './read-block.ts'

/** The first message of a thread: it is ready for blocks. */
export const READY = 'ready'

/** A thread that returns the result of each block, in order. */
export interface Thread {
  readonly post: (block: Block) => void
  /** `received`: called with each message; `failed`: the thread has ended. */
  readonly listen: (received: (message: typeof READY | BlockResult) => void, failed: (error: Error) => void) => void
  readonly close: () => Promise<unknown>
}

/** Threads that read lines of NDJSON for `imago normalize`, besides the main thread. */
export interface Threads {
  readonly readLines: (deliver: (read: ReadLines) => Promise<void>) => LineReader
  readonly close: () => Promise<void>
}

export interface ThreadLimits {
  /** Besides the main thread. */
  readonly threads: number
  /** In bytes. A smaller input is read in less time than threads take to start. */
  readonly smallestInput: number
  /** The size of a block in bytes, unless more lines than this arrive at once. */
  readonly blockBytes: number
}

/** Each takes about 45 MiB. Many more would wait for the main thread, which finds the lines and writes. */
const MAX_THREADS = 4
/** One is read while the other waits. */
const BLOCKS_PER_THREAD = 2
/** What the main thread has read while a thread reads its block, and waits to be delivered after it. */
const MAX_BLOCKS_AHEAD = 4

/** The main thread reads, too: V8 compiles the code for each thread, so one more than there are processors would only cost time. */
export const defaultLimits = (): ThreadLimits => ({
  threads: Math.min(availableParallelism() - 1, MAX_THREADS),
  smallestInput: 8 * 2 ** 20,
  blockBytes: 2 ** 18,
})

/** A started thread, and the blocks that it has not answered. */
class Member {
  isReady = false
  readonly #thread: Thread
  readonly #waiting: { readonly resolve: (result: BlockResult) => void; readonly reject: (error: Error) => void }[] = []

  constructor(thread: Thread) {
    this.#thread = thread
    thread.listen(
      (message) => {
        if (message === READY) this.isReady = true
        else this.#waiting.shift()?.resolve(message)
      },
      (error) => {
        this.isReady = false
        for (const { reject } of this.#waiting.splice(0)) reject(error)
      },
    )
  }

  get load(): number {
    return this.#waiting.length
  }

  read(block: Block): Promise<BlockResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#thread.post(block)
    })
  }

  close(): Promise<unknown> {
    return this.#thread.close()
  }
}

/**
 * Creates threads for large inputs. Until one is ready, the caller reads by itself. At most two blocks a thread are read or wait, `readHere` reads others
 * meanwhile, and results are delivered in the order of the blocks.
 */
export const createThreads = (
  start: () => Promise<Thread>,
  readHere: (block: Block) => Promise<BlockResult>,
  { threads, smallestInput, blockBytes }: ThreadLimits = defaultLimits(),
): Threads => {
  let starting: readonly Promise<void>[] | null = null
  const members: Member[] = []
  /** Buffers of blocks and of their output that can be used again. */
  const blocks: ArrayBuffer[] = []
  const outputs: ArrayBuffer[] = []

  // If no thread can be started, as at a limit of the system, the caller reads by itself.
  const startOne = (): Promise<void> =>
    start().then(
      (thread) => void members.push(new Member(thread)),
      () => undefined,
    )

  const findReady = (): readonly Member[] => members.filter((member) => member.isReady)

  const isReady = (bytes: number): boolean => {
    if (bytes < smallestInput) return false
    starting ??= Array.from({ length: threads }, startOne)
    return members.some((member) => member.isReady)
  }

  const takeBuffer = (bytes: number): ArrayBuffer =>
    (bytes <= blockBytes ? blocks.pop() : undefined) ?? new ArrayBuffer(Math.max(blockBytes, bytes))

  const read = async (block: Block): Promise<ReadLines> => {
    const [member] = findReady().toSorted((a, b) => a.load - b.load)
    const isFree = member !== undefined && member.load < BLOCKS_PER_THREAD
    const { read: result, buffer } = await (isFree ? member.read(block) : readHere(block))
    if (buffer.byteLength === blockBytes) blocks.push(buffer)
    return result
  }

  const readLines: Threads['readLines'] = (deliver) => {
    /** The blocks that were not delivered, in order. */
    const pending: Promise<ReadLines>[] = []
    /** The block that is being filled. */
    let open: Omit<Block, 'output'> | null = null

    /** Delivers until at most `count` blocks are pending. */
    const deliverUntil = async (count: number): Promise<void> => {
      while (pending.length > count) {
        const result = await (pending.shift() as Promise<ReadLines>)
        await deliver(result)
        outputs.push(result.output.buffer as ArrayBuffer)
      }
    }

    /** Has the open block read once fewer than the most are pending. */
    const send = async (): Promise<void> => {
      if (open === null) return
      await deliverUntil(BLOCKS_PER_THREAD * threads + MAX_BLOCKS_AHEAD - 1)
      const result = read({ ...open, output: outputs.pop() ?? null })
      // It is awaited in its turn. Until then, its failure is not unhandled.
      result.catch(() => undefined)
      pending.push(result)
      open = null
    }

    return {
      isReady,
      take: async (file, lines, first) => {
        if (open !== null && open.length + lines.length > open.buffer.byteLength) await send()
        const { start: begin, buffer, length } = open ?? { start: first, buffer: takeBuffer(lines.length), length: 0 }
        new Uint8Array(buffer).set(lines, length)
        open = { file, start: begin, buffer, length: length + lines.length }
      },
      settle: async () => {
        await send()
        await deliverUntil(0)
      },
    }
  }

  return {
    readLines,
    close: async () => {
      await Promise.all(starting ?? [])
      await Promise.all(members.map((member) => member.close()))
    },
  }
}
