import { Worker } from 'node:worker_threads'
import type { NormalizeOptions } from './options.ts'
import type { Thread } from './threads.ts'

/** V8's space for young objects. A block's text must fit, or all of it is copied to the space for old objects. */
const YOUNG_SPACE_MB = 12

/** Starts a thread of `imago normalize`. `./worker.js` is beside this file in the built files and in the bundle. */
export const startWorker = (options: NormalizeOptions): Thread => {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: options,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_SPACE_MB },
  })
  return {
    post: (block) => worker.postMessage(block, [block.buffer, ...(block.output === null ? [] : [block.output])]),
    listen: (received, failed) => {
      worker.on('message', received)
      worker.on('error', failed)
      worker.on('exit', () => failed(new Error('a thread of imago normalize ended early')))
    },
    close: () => worker.terminate(),
  }
}
